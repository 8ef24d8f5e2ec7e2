"""What an installation can set, from the environment: VICTIMCARE_DATABASE_URL and so on."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_SOURCE_LINK = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[^\s{}\"'<>\\]*\{id\}[^\s{}\"'<>\\]*", re.ASCII)


class Settings(BaseSettings):
    """Read once at start. Every name below, in capitals and after VICTIMCARE_, is an environment variable."""

    model_config = SettingsConfigDict(env_prefix="VICTIMCARE_", frozen=True)

    database_url: str = "sqlite:///data/victimcare.db"
    force_name: str = "Bedfordshire Police"

    metrics_token: str | None = Field(default=None, repr=False, min_length=20)
    """What a Prometheus server shows at /metrics; without it there is no such page."""

    host: str = "127.0.0.1"
    port: int = 8000
    cookie_secure: bool = True
    """The cookie is `__Host-` and Secure. False where people reach the service without HTTPS, as they may a
    demonstration: else their browsers keep no sign-in."""

    api_requests_a_minute: int = Field(default=1_200, ge=1)
    """How often one system of another agency may ask, in each process (docs/integration.md)."""

    small_numbers_below: int = Field(default=5, ge=5)
    """The board sees no count above 0 and below this."""

    vault_key: str | None = Field(default=None, repr=False)
    """32 bytes in URL-safe base64, that seal where victims can be reached; without it the file's, made if missing."""
    vault_key_file: Path = Path("data/vault.key")

    audit_anchors: Path = Path("data/audit-anchors.jsonl")
    """Where the audit's heads are written down each hour; best on a disk of another machine, that only adds."""
    audit_key_file: Path = Path("data/audit.key")
    """What the anchors are signed with, made if missing."""

    backup_folder: Path = Path("data/backups")
    """Where the nightly backup goes; best on a disk of another machine. It is sealed before it gets there."""
    backup_key: str | None = Field(default=None, repr=False)
    """32 bytes in URL-safe base64, that seal the backups; without it the file's, made if missing. Not the vault's."""
    backup_key_file: Path = Path("data/backup.key")
    backup_keep_days: int = Field(default=30, ge=1)
    """Older backups are deleted after a newer one was made and read again."""
    export_passphrase: str | None = Field(default=None, repr=False)
    """What seals an export of everything, where nobody is there to type it (docs/export.md)."""
    feed_folder: Path | None = None
    """Where open tables of what was published are written each night (docs/operations.md); without it, nowhere."""

    postgres_programs: Path | None = None
    """The folder of pg_dump and pg_restore; without it they are looked for on the PATH and where Debian puts them."""

    public_address: str | None = None
    """Where people reach the service, such as https://victimcare.example: a provider sends them back there."""
    oidc_issuer: str | None = None
    """The address of the identity provider (OpenID Connect). With it, people sign in there and nowhere else."""
    oidc_client_id: str = "victimcare"
    oidc_client_secret: str | None = Field(default=None, repr=False)
    oidc_scope: str = "openid profile email"
    oidc_claims: Path | None = None
    """The file that says which claims make somebody which role, in which team (docs/operations.md)."""
    emergency_username: str | None = None
    """The one local account that can sign in beside an identity provider, for the day when that is not there."""

    escalation: Path | None = None
    """The force's own escalation ladder; without it the one that comes with the program (docs/jobs.md)."""

    bank_holidays_url: str | None = None
    """Where the published list of bank holidays is asked for each morning, such as
    https://www.gov.uk/bank-holidays.json: https, or a host of this machine. Without it, a list is given as a file."""

    source_links: dict[str, str] = {}
    """Where each source of records keeps a crime, as JSON: {"rms": "https://rms.example/crime/{id}"}; https only."""
    webhooks_to_loopback: bool = False
    """True only to try things out: systems of agencies may then be told at this machine, also without HTTPS."""

    mailbox_folder: Path = Path("data/mailbox")
    smtp_host: str | None = None
    smtp_port: int = 25
    smtp_from: str = "victimcare@localhost"
    smtp_starttls: bool = False
    """True: no word is sent before the connection is encrypted and the server has shown a certificate for its name."""
    smtp_authorities: Path | None = None
    """Certificates to trust for that, in one file; without it those that the machine trusts."""
    smtp_user: str | None = None
    smtp_password: str | None = Field(default=None, repr=False)

    text_gateway: str | None = None
    """The domain of a gateway that turns e-mail to number@domain into a text message; without it none are sent."""

    notify_api_key: str | None = Field(default=None, repr=False)
    """A key of GOV.UK Notify: with it e-mails and text messages leave through it, and it tells whether they arrived."""
    notify_email_template: str | None = None
    """The id of the template there for e-mails: its subject is ((subject)), its message ((body))."""
    notify_text_template: str | None = None
    """The id of the template for text messages: its message is ((body)). Without it none are sent."""
    notify_callback_token: str | None = Field(default=None, repr=False, min_length=20)
    """What Notify shows when it tells of deliveries (docs/operations.md); without it, it is asked every 15 minutes."""
    notify_address: str = "https://api.notifications.service.gov.uk"

    @field_validator("source_links")
    @classmethod
    def _leads_to_one_place(cls, links: dict[str, str]) -> dict[str, str]:
        """A template is an https address with the id in its path or question: never in its host."""
        for source, template in links.items():
            if not _SOURCE_LINK.fullmatch(template):
                raise ValueError(f"{source}: it must be such as https://rms.example/crime/{{id}}")
        return links

    @property
    def mail_gateway_for_texts(self) -> str | None:
        """Where text messages go by mail: into the mailbox folder, where that takes the place of a mail server."""
        return self.text_gateway or (None if self.smtp_host else "text.invalid")

    @property
    def sends_texts(self) -> bool:
        """Whether there is a way to send text messages."""
        if self.notify_api_key:
            return self.notify_text_template is not None
        return self.mail_gateway_for_texts is not None

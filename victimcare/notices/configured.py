"""The channels that this installation is set to use."""

from __future__ import annotations

from victimcare.notices.channel import Channel
from victimcare.notices.event_channel import EventChannel
from victimcare.notices.mailbox import Mailbox
from victimcare.notices.smtp import MailServer, Protection
from victimcare.settings import Settings


def configured_channel(settings: Settings) -> Channel:
    """GOV.UK Notify where a key of it is set (VICTIMCARE_NOTIFY_API_KEY), else the mail server (VICTIMCARE_SMTP_HOST).

    Without either, the folder of .eml files. Raises `PasswordInTheClear`, `NoTemplate`.
    """
    if settings.notify_api_key:
        return _notify(settings, settings.notify_api_key)
    return _mail_server(settings) or Mailbox(
        settings.mailbox_folder, sender=settings.smtp_from, text_gateway=settings.mail_gateway_for_texts
    )


def event_channel(settings: Settings) -> EventChannel:
    """The way to the systems of agencies."""
    return EventChannel(loopback=settings.webhooks_to_loopback)


def _notify(settings: Settings, api_key: str) -> Channel:
    from victimcare.notices.notify import GovUkNotify, Templates

    if not settings.notify_email_template:
        raise NoTemplate
    templates = Templates(settings.notify_email_template, settings.notify_text_template)
    return GovUkNotify(api_key, templates=templates, address=settings.notify_address, mail=_mail_server(settings))


def _mail_server(settings: Settings) -> MailServer | None:
    if not settings.smtp_host:
        return None
    protection = Protection(
        starttls=settings.smtp_starttls,
        authorities=str(settings.smtp_authorities) if settings.smtp_authorities else None,
        user=settings.smtp_user,
        password=settings.smtp_password,
    )
    return MailServer(
        settings.smtp_host,
        settings.smtp_port,
        sender=settings.smtp_from,
        protection=protection,
        text_gateway=settings.mail_gateway_for_texts,
    )


class NoTemplate(ValueError):
    """A key of GOV.UK Notify is set, and no template."""

    def __init__(self) -> None:
        super().__init__(
            "VICTIMCARE_NOTIFY_API_KEY is set without VICTIMCARE_NOTIFY_EMAIL_TEMPLATE: make a template in GOV.UK "
            "Notify whose subject is ((subject)) and whose message is ((body)), and set its id"
        )

"""Sending through a mail server."""

from __future__ import annotations

import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from smtplib import SMTP, SMTPAuthenticationError, SMTPDataError, SMTPException
from socket import gethostname

from victimcare.notices.channel import (
    Notice,
    NotSent,
    Outcome,
    OutcomeUnknown,
    TellsNothingMore,
    mail_address,
    message_of,
)

_ACCEPTED = (220, 250, 251)
_REFUSED_FOR_GOOD = 5


@dataclass(frozen=True, slots=True)
class Protection:
    """How a connection to the server is protected. With STARTTLS the server must show a certificate for its name.

    `authorities` is a file of certificates to trust instead of those of the machine. A password is never sent in the
    clear: without STARTTLS nobody logs in. Raises `PasswordInTheClear`.
    """

    starttls: bool = False
    authorities: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.user and not self.starttls:
            raise PasswordInTheClear


class MailServer(TellsNothingMore):
    """Sends by SMTP, one connection a notice. Every wait for the server ends after `timeout` seconds."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        sender: str,
        timeout: float = 10,
        protection: Protection | None = None,
        text_gateway: str | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._sender = sender
        self._timeout = timeout
        self._protection = protection or Protection()
        self._text_gateway = text_gateway

    def send(self, notice: Notice) -> None:
        """Hand it to the server. Raises `NotSent` or `OutcomeUnknown`."""
        to = mail_address(notice, text_gateway=self._text_gateway)
        message = message_of(notice, sender=self._sender, to=to)
        server = SMTP(local_hostname=gethostname(), timeout=self._timeout)
        try:
            self._hand_over(server, to, message)
        except (NotSent, OutcomeUnknown):
            raise
        except OSError as lost:
            raise NotSent(f"the mail server cannot be reached ({_short(lost)})") from lost
        finally:
            server.close()

    def outcome(self, reference: str, *, sealed: bool) -> Outcome:
        """A mail server cannot be asked."""
        return Outcome.UNKNOWN

    def _hand_over(self, server: SMTP, address: str, message: bytes) -> None:
        _check(server.connect(self._host, self._port))
        self._protect(server)
        server.ehlo_or_helo_if_needed()
        _check(server.mail(self._sender))
        _check(server.rcpt(address), refuses_this_one=True)
        try:
            answer = server.data(message)
        except SMTPDataError as refused:
            raise NotSent(_said(refused.smtp_code)) from refused
        except OSError as lost:
            raise OutcomeUnknown(f"the mail server did not acknowledge the message ({_short(lost)})") from lost
        _check(answer, refuses_this_one=True)
        with suppress(OSError):
            server.quit()

    def _protect(self, server: SMTP) -> None:
        """Before anything is said: the name of no recipient goes in the clear where it should not."""
        asked = self._protection
        if not asked.starttls:
            return
        server._host = self._host  # type: ignore[attr-defined] # what the certificate must name; connect() leaves it
        context = ssl.create_default_context(cafile=asked.authorities)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            _check(server.starttls(context=context))
            if asked.user:
                server.login(asked.user, asked.password or "")
        except ssl.SSLCertVerificationError as refused:
            raise NotSent("the mail server does not show a certificate that is trusted for its name") from refused
        except SMTPAuthenticationError as refused:
            raise NotSent("the mail server does not take the user name and password that are set") from refused
        except SMTPException as refused:
            raise NotSent(
                "the mail server does not protect the connection or take a login, as it is set to"
            ) from refused


def _check(answer: tuple[int, bytes | str], *, refuses_this_one: bool = False) -> None:
    """5xx to the recipient or the message is for good; before that it is about the server, and may be mended."""
    code, _ = answer
    if code not in _ACCEPTED:
        raise NotSent(_said(code), for_good=refuses_this_one and code // 100 == _REFUSED_FOR_GOOD)


def _said(code: int) -> str:
    return f"the mail server answered {code}"


def _short(error: OSError) -> str:
    return type(error).__name__ if isinstance(error, SMTPException) else (error.strerror or type(error).__name__)


class PasswordInTheClear(ValueError):
    """A password is set, and no protection for it."""

    def __init__(self) -> None:
        super().__init__(
            "VICTIMCARE_SMTP_USER is set without VICTIMCARE_SMTP_STARTTLS=true: the password would be sent in the clear"
        )

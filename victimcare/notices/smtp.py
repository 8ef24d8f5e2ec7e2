"""Sending through a mail server."""

from __future__ import annotations

from contextlib import suppress
from email.policy import SMTP as WIRE
from smtplib import SMTP, SMTPDataError, SMTPException
from socket import gethostname

from victimcare.notices.channel import Notice, NotSent, Outcome, OutcomeUnknown, message_of

_ACCEPTED = (220, 250, 251)
_REFUSED_FOR_GOOD = 5


class MailServer:
    """Sends by SMTP, one connection a notice. Every wait for the server ends after `timeout` seconds."""

    def __init__(self, host: str, port: int, *, sender: str, timeout: float = 10) -> None:
        self._host = host
        self._port = port
        self._sender = sender
        self._timeout = timeout

    def send(self, notice: Notice) -> None:
        """Hand it to the server. Raises `NotSent` or `OutcomeUnknown`."""
        server = SMTP(local_hostname=gethostname(), timeout=self._timeout)
        try:
            self._hand_over(server, notice)
        except (NotSent, OutcomeUnknown):
            raise
        except OSError as lost:
            raise NotSent(f"the mail server cannot be reached ({_short(lost)})") from lost
        finally:
            server.close()

    def outcome(self, reference: str) -> Outcome:
        """A mail server cannot be asked."""
        return Outcome.UNKNOWN

    def _hand_over(self, server: SMTP, notice: Notice) -> None:
        _check(server.connect(self._host, self._port))
        server.ehlo_or_helo_if_needed()
        _check(server.mail(self._sender))
        _check(server.rcpt(notice.address))
        try:
            answer = server.data(message_of(notice, sender=self._sender).as_bytes(policy=WIRE))
        except SMTPDataError as refused:
            _check((refused.smtp_code, refused.smtp_error))
            raise
        except OSError as lost:
            raise OutcomeUnknown(f"the mail server did not acknowledge the message ({_short(lost)})") from lost
        _check(answer)
        with suppress(OSError):
            server.quit()


def _check(answer: tuple[int, bytes | str]) -> None:
    code, _ = answer
    if code not in _ACCEPTED:
        raise NotSent(f"the mail server answered {code}", for_good=code // 100 == _REFUSED_FOR_GOOD)


def _short(error: OSError) -> str:
    return type(error).__name__ if isinstance(error, SMTPException) else (error.strerror or type(error).__name__)

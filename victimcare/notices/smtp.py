"""Sending through a mail server."""

from __future__ import annotations

from contextlib import suppress
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
        message = message_of(notice, sender=self._sender)
        server = SMTP(local_hostname=gethostname(), timeout=self._timeout)
        try:
            self._hand_over(server, notice.address, message)
        except (NotSent, OutcomeUnknown):
            raise
        except OSError as lost:
            raise NotSent(f"the mail server cannot be reached ({_short(lost)})") from lost
        finally:
            server.close()

    def outcome(self, reference: str) -> Outcome:
        """A mail server cannot be asked."""
        return Outcome.UNKNOWN

    def _hand_over(self, server: SMTP, address: str, message: bytes) -> None:
        _check(server.connect(self._host, self._port))
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


def _check(answer: tuple[int, bytes | str], *, refuses_this_one: bool = False) -> None:
    """5xx to the recipient or the message is for good; before that it is about the server, and may be mended."""
    code, _ = answer
    if code not in _ACCEPTED:
        raise NotSent(_said(code), for_good=refuses_this_one and code // 100 == _REFUSED_FOR_GOOD)


def _said(code: int) -> str:
    return f"the mail server answered {code}"


def _short(error: OSError) -> str:
    return type(error).__name__ if isinstance(error, SMTPException) else (error.strerror or type(error).__name__)

"""What a way of sending must be able to do, and how it says that it could not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from typing import Protocol

from victimcare.notices.sealing import BadCertificate, sealed_for


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one recipient. `reference` is unique and names it wherever it goes.

    With a `certificate` (X.509, PEM) the body is sealed for its holder, and only address and subject can be read.
    """

    reference: str
    address: str
    subject: str
    body: str = field(repr=False)
    at: datetime
    certificate: str | None = field(default=None, repr=False)


class Outcome(StrEnum):
    """What a channel knows of a notice whose sender died while sending it."""

    SENT = "sent"
    NOT_SENT = "not sent"
    UNKNOWN = "unknown"


class Channel(Protocol):
    """A way of sending."""

    def send(self, notice: Notice) -> None:
        """Send it. Raises `NotSent` where it certainly did not leave, `OutcomeUnknown` where it may have."""

    def outcome(self, reference: str) -> Outcome:
        """What became of the notice of this reference, as far as it can be found out."""


def message_of(notice: Notice, *, sender: str) -> bytes:
    """The notice as an e-mail. The same reference gives the same Message-ID, so that a repeat can be recognised.

    Raises `NotSent` for an address that is none, and where it cannot be sealed.
    """
    try:
        return _message(notice, sender).as_bytes(policy=SMTP)
    except BadCertificate as bad:
        raise NotSent(bad.why, for_good=True) from bad
    except (ValueError, MessageError) as unusable:
        raise NotSent("the recipient's e-mail address cannot be used", for_good=True) from unusable


def _message(notice: Notice, sender: str) -> EmailMessage:
    notice.address.encode("ascii")
    message = EmailMessage()
    message["Subject"] = notice.subject
    message["From"] = sender
    message["To"] = notice.address
    message["Date"] = format_datetime(notice.at)
    message["Message-ID"] = f"<{notice.reference}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if notice.certificate is None:
        message.set_content(notice.body)
        return message
    inside = EmailMessage()
    inside.set_content(notice.body)
    sealed = sealed_for(notice.certificate, inside.as_bytes(policy=SMTP))
    message.set_content(
        sealed, "application", "pkcs7-mime", filename="smime.p7m", params={"smime-type": "enveloped-data"}
    )
    return message


class NotSent(RuntimeError):
    """The notice certainly did not leave. `for_good`: trying again would be refused again."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        self.why = why
        self.for_good = for_good
        super().__init__(why)


class OutcomeUnknown(RuntimeError):
    """The connection was lost after the notice had been handed over and before it was acknowledged."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)

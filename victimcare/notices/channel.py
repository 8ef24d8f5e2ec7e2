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
    `as_text`: a text message, and the address is a telephone number in digits, with the country's code.
    """

    reference: str
    address: str
    subject: str
    body: str = field(repr=False)
    at: datetime
    certificate: str | None = field(default=None, repr=False)
    as_text: bool = False


class Outcome(StrEnum):
    """What a channel knows of a notice whose sender died while sending it."""

    SENT = "sent"
    NOT_SENT = "not sent"
    UNKNOWN = "unknown"


class Delivery(StrEnum):
    """What became of a notice that a provider took, where providers tell.

    A mail server takes it and tells no more; of that there is no delivery at all (None).
    """

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"


class Channel(Protocol):
    """A way of sending."""

    def send(self, notice: Notice) -> None:
        """Send it. Raises `NotSent` where it certainly did not leave, `OutcomeUnknown` where it may have."""

    def outcome(self, reference: str, *, sealed: bool) -> Outcome:
        """Whether the notice of this reference left, as far as it can be found out. `sealed`: for a certificate."""

    def confirms(self, *, sealed: bool) -> bool:
        """Whether it will tell if what it took was delivered."""

    def delivery(self, reference: str) -> Delivery | None:
        """What it tells of a notice that it took; None where it knows none. Raises `OutcomeUnknown`."""


class TellsNothingMore:
    """Of a channel of which nobody hears more than that it took a notice."""

    def confirms(self, *, sealed: bool) -> bool:
        """It does not."""
        return False

    def delivery(self, reference: str) -> Delivery | None:
        """Nobody can say."""
        return None


def mail_address(notice: Notice, *, text_gateway: str | None) -> str:
    """Where it goes as an e-mail: a text message to the gateway that makes one of it. Raises `NotSent`."""
    if not notice.as_text:
        return notice.address
    if text_gateway is None:
        raise NotSent("this installation has no way to send text messages", for_good=True)
    return f"{notice.address}@{text_gateway}"


def message_of(notice: Notice, *, sender: str, to: str | None = None) -> bytes:
    """The notice as an e-mail. The same reference gives the same Message-ID, so that a repeat can be recognised.

    Raises `NotSent` for an address that is none, and where it cannot be sealed.
    """
    try:
        return _message(notice, sender, to or notice.address).as_bytes(policy=SMTP)
    except BadCertificate as bad:
        raise NotSent(bad.why, for_good=True) from bad
    except (ValueError, MessageError) as unusable:
        raise NotSent("the recipient's e-mail address cannot be used", for_good=True) from unusable


def _message(notice: Notice, sender: str, to: str) -> EmailMessage:
    to.encode("ascii")
    message = EmailMessage()
    message["Subject"] = notice.subject
    message["From"] = sender
    message["To"] = to
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

"""Record a contact with the victim, or an attempt. An attempt is not an answer: it answers no duty."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.answer_message import AnsweredAlready, answer_message
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed, Moment
from victimcare.domain.law import Law
from victimcare.domain.people import Person


@dataclass(frozen=True, slots=True)
class NewContact:
    """Who tried to reach the victim, how and when; `answers` are the duties that it answered, each by name.

    `message_id` is the message that the victim had left, if this contact is the answer to it.
    """

    happened: Moment
    channel: str
    reached: bool
    answers: Sequence[DutyNamed] = ()
    message_id: str = ""


def record_contact(
    connection: Connection,
    *,
    ref: str,
    contact: NewContact,
    by: Person,
    now: datetime,
    law: Law,
    seen_version: int | None = None,
) -> str:
    """Record it and return the event's key. Raises `AttemptIsNoAnswer` and what `record_event` raises."""
    if contact.answers and not contact.reached:
        raise AttemptIsNoAnswer
    kind = EventKind.CONTACT_MADE if contact.reached else EventKind.CONTACT_ATTEMPTED
    event = NewEvent(
        kind=kind, happened=contact.happened, details={"channel": contact.channel}, duties=tuple(contact.answers)
    )
    key = record_event(connection, ref=ref, event=event, by=by, now=now, law=law, seen_version=seen_version)
    if contact.message_id and contact.reached:
        with suppress(AnsweredAlready):  # by somebody else meanwhile: the contact counts all the same
            answer_message(connection, ref=ref, message_id=contact.message_id, by=by, now=now)
    return key


class AttemptIsNoAnswer(ValueError):
    """Duties were ticked as answered by a contact that did not reach the victim."""

    def __init__(self) -> None:
        super().__init__("an attempt answers nothing: untick the duties, or say that the victim was reached")

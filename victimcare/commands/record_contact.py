"""Record a contact with the victim, or an attempt. An attempt is not an answer: it answers no duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed, Moment
from victimcare.domain.law import Law
from victimcare.domain.people import Person


@dataclass(frozen=True, slots=True)
class NewContact:
    """Who tried to reach the victim, how and when; `answers` are the duties that it answered, each by name."""

    happened: Moment
    channel: str
    reached: bool
    answers: Sequence[DutyNamed] = ()


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
    return record_event(connection, ref=ref, event=event, by=by, now=now, law=law, seen_version=seen_version)


class AttemptIsNoAnswer(ValueError):
    """Duties were ticked as answered by a contact that did not reach the victim."""

    def __init__(self) -> None:
        super().__init__("an attempt answers nothing: untick the duties, or say that the victim was reached")

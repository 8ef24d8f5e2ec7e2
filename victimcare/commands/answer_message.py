"""Answer a message that a victim left: it waits no longer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import open_for
from victimcare.domain.people import Action, Person
from victimcare.store import audit, left_messages


def answer_message(connection: Connection, *, ref: str, message_id: str, by: Person, now: datetime) -> None:
    """Note that the victim was answered. Raises `NoSuchCase`, and `AnsweredAlready` where it waits no longer."""
    stored = open_for(connection, ref, by, Action.RECORD_CONTACT)
    if not left_messages.answer(connection, message_id, case_id=stored.id, by=by, at=now):
        raise AnsweredAlready
    audit.write(connection, at=now, operation="alteration", what="answer message", person=by, case_ids=[stored.id])


class AnsweredAlready(RuntimeError):
    """The message waits no longer: somebody answered it, or there is none."""

    def __init__(self) -> None:
        super().__init__("this message waits no longer: somebody answered it meanwhile")


class NoMessageWaits(AnsweredAlready):
    """No message of this id waits with their team: it may wait with another."""

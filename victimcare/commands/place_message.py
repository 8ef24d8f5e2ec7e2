"""Give a message for which no case was found to the case that it is about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.answer_message import AnsweredAlready, NoMessageWaits
from victimcare.commands.record_event import open_for
from victimcare.commands.take_message import case_reference
from victimcare.domain.people import Action, Person
from victimcare.store import audit, left_messages, notes
from victimcare.store.cases import NoSuchCase
from victimcare.store.vault import Vault

__all__ = ["NoSuchCase", "place_message"]


def place_message(
    connection: Connection, *, message_id: str, ref: str, by: Person, now: datetime, vault: Vault
) -> None:
    """Place a message that waits with the team of `by` in a case that they may see.

    Raises `NoMessageWaits`, `AnsweredAlready` where it was placed meanwhile, `NoSuchCase`, `DoesNotOpen`.
    """
    row = left_messages.unplaced(connection, message_id, team_id=by.team_id)
    if row is None:
        raise NoMessageWaits
    stored = open_for(connection, case_reference(ref), by, Action.REASSIGN)
    words = left_messages.said(row.id, row.sealed, vault).words
    tells = notes.what_tells_location(connection, case_id=stored.id, words=words, vault=vault)
    told = row.contains_location or bool(tells)
    if not left_messages.place(connection, row.id, case_id=stored.id, contains_location=told, by=by, at=now):
        raise AnsweredAlready
    audit.write(connection, at=now, operation="alteration", what="place message", person=by, case_ids=[stored.id])

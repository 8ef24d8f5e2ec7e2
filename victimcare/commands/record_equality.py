"""Keep what a victim answered of their characteristics: apart from the journey, and in no list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import open_for
from victimcare.domain.people import Action, Person
from victimcare.store import audit, equality
from victimcare.store.equality import Answer

__all__ = ["Answer", "record_equality"]


def record_equality(connection: Connection, *, ref: str, answers: Sequence[Answer], by: Person, now: datetime) -> None:
    """Keep these answers in place of the earlier ones. Raises `NoSuchCase`."""
    stored = open_for(connection, ref, by, Action.RECORD_EVENT)
    equality.put(connection, stored.victim_id, answers, by=by.id, at=now)
    audit.write(
        connection, at=now, operation="alteration", what="record equality answers", person=by, case_ids=[stored.id]
    )

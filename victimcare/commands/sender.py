"""In whose name something leaves that was asked for earlier: its sender's, as long as the case is theirs to work on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.calendar import london_date
from victimcare.domain.people import Action, Person, may
from victimcare.store import cases, staff
from victimcare.store.covers import with_cover


def sender(connection: Connection, person_id: str, *, now: datetime) -> Person:
    """Who asked for it, with those whom they stand in for now."""
    return with_cover(connection, staff.person(connection, person_id), on=london_date(now))


def recorder(connection: Connection, person_id: str, *, ref: str, action: Action, now: datetime) -> Person:
    """Who records that it has left: its sender, or the system where the case is theirs no longer."""
    asked_by = sender(connection, person_id, now=now)
    return asked_by if may(asked_by, action, cases.load(connection, ref).holder) else staff.SYSTEM

"""Take over a case that was handed over: acknowledge it, and note that the victim knows who their officer is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, update

from victimcare.commands.record_event import open_for
from victimcare.domain.people import Action, Person
from victimcare.store import audit
from victimcare.store.cases import ASSIGNMENTS, NoSuchCase


def take_over_case(connection: Connection, *, ref: str, victim_told: bool, by: Person, now: datetime) -> None:
    """Only its case officer does. Noting it again changes nothing. Raises `NoSuchCase`."""
    stored = open_for(connection, ref, by, Action.RECORD_EVENT)
    if stored.case.holder.officer_id != by.id:
        raise NoSuchCase(ref)
    column = ASSIGNMENTS.c.victim_told_at if victim_told else ASSIGNMENTS.c.acknowledged_at
    current = (ASSIGNMENTS.c.case_id == stored.id) & ASSIGNMENTS.c.until_at.is_(None) & column.is_(None)
    connection.execute(update(ASSIGNMENTS).where(current).values({column.name: now}))
    what = "note that the victim knows their officer" if victim_told else "acknowledge hand-over"
    audit.write(connection, at=now, operation="alteration", what=what, person=by, case_ids=[stored.id])

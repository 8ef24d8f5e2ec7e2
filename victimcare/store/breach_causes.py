"""The causes of breaches: the one that holds stands with the breach, and each that was given in a row of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from victimcare.store.breaches import BREACHES
from victimcare.store.tables import BreachCause

CAUSES = BreachCause.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class StoredBreach:
    """A breach of a case, and how often a cause of it was given."""

    id: int
    owed_by: str
    given: int


def breach_of(connection: Connection, *, case_id: int, rule: str, start_key: str) -> StoredBreach | None:
    """The breach of this duty, locked; None where it has none that stands."""
    of_duty = (BREACHES.c.case_id == case_id) & (BREACHES.c.rule == rule) & (BREACHES.c.start_key == start_key)
    wanted = select(BREACHES.c.id, BREACHES.c.owed_by).where(of_duty, BREACHES.c.overturned_by.is_(None))
    row = connection.execute(wanted.with_for_update()).first()
    if row is None:
        return None
    given = connection.execute(select(func.count()).where(CAUSES.c.breach_id == row.id).select_from(CAUSES))
    return StoredBreach(row.id, row.owed_by, given.scalar_one())


def give(
    connection: Connection, breach_id: int, *, case_id: int, cause: str, note_id: str | None, by: str, at: datetime
) -> None:
    """Let this cause hold from now on; those before it stay."""
    values = {"breach_id": breach_id, "case_id": case_id, "cause": cause, "note_id": note_id}
    connection.execute(insert(CAUSES).values(**values, given_by=by, given_at=at))
    connection.execute(update(BREACHES).where(BREACHES.c.id == breach_id).values(cause=cause))

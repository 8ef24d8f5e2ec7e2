"""Declared changes of processes in the database: each as it was declared, and whether it was withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from victimcare.domain.calendar import london_date
from victimcare.domain.process_changes import ProcessChange
from victimcare.store.tables import DeclaredChange, WithdrawnChange

CHANGES = DeclaredChange.__table__  # type: ignore[attr-defined]
WITHDRAWN = WithdrawnChange.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class NewChange:
    """What is declared: whose process, from which month on (its first day), why, and who decided it when."""

    agency: str
    from_on: date
    reason: str
    decided_by: str
    decided_on: date


def declare(connection: Connection, change: NewChange, *, by: str, at: datetime) -> int:
    """Store it, and return its number."""
    values = {
        "agency": change.agency,
        "from_on": change.from_on,
        "reason": change.reason,
        "decided_by": change.decided_by,
        "decided_on": change.decided_on,
        "recorded_by": by,
        "recorded_at": at,
    }
    return int(connection.execute(insert(CHANGES).values(values).returning(CHANGES.c.id)).scalar_one())


def withdraw(connection: Connection, change_id: int, *, reason: str, by: str, at: datetime) -> None:
    """Keep that it was withdrawn. It can be once."""
    signed = {"recorded_by": by, "recorded_at": at}
    connection.execute(insert(WITHDRAWN).values(change_id=change_id, reason=reason, **signed))


def standing(connection: Connection) -> tuple[ProcessChange, ...]:
    """Those that were not withdrawn, in the order of their declaration."""
    withdrawn = select(WITHDRAWN.c.change_id)
    rows = connection.execute(select(CHANGES).where(CHANGES.c.id.not_in(withdrawn)).order_by(CHANGES.c.id))
    return tuple(map(as_change, rows))


def numbered(connection: Connection, numbers: Collection[int]) -> tuple[ProcessChange, ...]:
    """Those of these numbers, whether or not they were withdrawn since."""
    rows = connection.execute(select(CHANGES).where(CHANGES.c.id.in_(numbers)).order_by(CHANGES.c.id))
    return tuple(map(as_change, rows))


def is_withdrawn(connection: Connection, change_id: int) -> bool | None:
    """Whether it was, the change locked; None where there is no such change."""
    it = select(CHANGES.c.id).where(CHANGES.c.id == change_id).with_for_update()
    if connection.execute(it).first() is None:
        return None
    return (
        connection.execute(select(WITHDRAWN.c.change_id).where(WITHDRAWN.c.change_id == change_id)).first() is not None
    )


def as_change(row: Any) -> ProcessChange:
    """The change of a row."""
    declared_on = london_date(row.recorded_at)
    decided = (row.decided_by, row.decided_on)
    return ProcessChange(row.id, row.agency, row.from_on, row.reason, *decided, declared_on)

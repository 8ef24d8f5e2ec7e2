"""Who stands in for whom, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from victimcare.domain.cover import Cover
from victimcare.domain.people import Person
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import CoverRow

COVERS = CoverRow.__table__  # type: ignore[attr-defined]

_COVERED_BY = select(COVERS.c.officer_id).where(
    COVERS.c.cover_id == bindparam("cover"), COVERS.c.until_on > bindparam("day"), COVERS.c.from_on <= bindparam("day")
)


def with_cover(connection: Connection, person: Person, *, on: date) -> Person:
    """The person, who also stands in for those whom they cover on this London date."""
    ids = connection.execute(_COVERED_BY, {"cover": person.id, "day": on}).scalars()
    return replace(person, covering=frozenset(ids))


def not_ended(connection: Connection, person_ids: Sequence[str], *, today: date) -> list[Cover]:
    """The covers of these people, as the one away or the one who stands in, that have not ended."""
    of_them = or_(COVERS.c.officer_id.in_(person_ids), COVERS.c.cover_id.in_(person_ids))
    rows = connection.execute(select(COVERS).where(of_them, COVERS.c.until_on > today))
    return [_cover(row) for row in rows]


def add(connection: Connection, cover: Cover, *, by: Person, at: datetime) -> int:
    """Store it; the row's id. On its days the officer is away (`staff.is_absent`)."""
    values = {
        "officer_id": cover.officer_id,
        "cover_id": cover.cover_id,
        "from_on": cover.from_on,
        "until_on": cover.until_on,
        "named_by": by.id,
        "named_at": at,
    }
    return int(connection.execute(insert(COVERS).values(values).returning(COVERS.c.id)).scalar_one())


def find(connection: Connection, cover_id: int) -> tuple[Cover, str | None] | None:
    """The cover of this row, and the team of the officer who is away."""
    joined = COVERS.join(PEOPLE, PEOPLE.c.id == COVERS.c.officer_id)
    row = connection.execute(
        select(COVERS, PEOPLE.c.team_id).select_from(joined).where(COVERS.c.id == cover_id)
    ).first()
    return (_cover(row), row.team_id) if row else None


def end(connection: Connection, cover_id: int, cover: Cover, *, on: date, by: Person, at: datetime) -> None:
    """It ends on this London date, and the officer is back; one that has not begun never does."""
    ends = max(cover.from_on, on)
    connection.execute(update(COVERS).where(COVERS.c.id == cover_id).values(until_on=ends, ended_by=by.id, ended_at=at))


def _cover(row: Any) -> Cover:
    return Cover(row.officer_id, row.cover_id, row.from_on, row.until_on)

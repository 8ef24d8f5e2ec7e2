"""The causes of breaches: the one that holds stands with the breach, and each that was given in a row of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

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


@dataclass(frozen=True, slots=True)
class UnexplainedBreach:
    """A breach of which nobody has said why; `officer_id` held it on the day that it was due (London date)."""

    id: int
    case_id: int
    rule: str
    start_key: str
    due_on: date
    officer_id: str | None


@dataclass(frozen=True, slots=True)
class KnownBreach:
    """A breach as it was known: whether it stood overturned, and its cause.

    `said_later`: whoever said why first did so later, and what stood there before them is not kept.
    """

    overturned: bool
    cause: str | None
    said_later: bool = False


KnownBreaches = Mapping[tuple[str, str], KnownBreach]
"""The breaches of a case, by rule and the key of the event that started the duty."""


def breaches_known(
    connection: Connection, case_ids: Collection[int], *, until: datetime | None
) -> dict[int, KnownBreaches]:
    """The breaches of these cases that had been found before `until` (UTC instant; None for now), by case id.

    Of one that was overturned and stands again it is not known that it did not stand in between.
    """
    columns = (BREACHES.c.id, BREACHES.c.case_id, BREACHES.c.rule, BREACHES.c.start_key, BREACHES.c.cause)
    wanted = select(*columns, BREACHES.c.overturned_at).where(BREACHES.c.case_id.in_(case_ids))
    given = _given(connection, case_ids)
    known: defaultdict[int, dict[tuple[str, str], KnownBreach]] = defaultdict(dict)
    for row in connection.execute(wanted if until is None else wanted.where(BREACHES.c.found_at < until)):
        before = [one.cause for one in given[row.id] if until is None or one.given_at < until]
        said_later = bool(given[row.id]) and not before
        cause = before[-1] if before else None if said_later else row.cause
        overturned = row.overturned_at is not None and (until is None or row.overturned_at < until)
        known[row.case_id][row.rule, row.start_key] = KnownBreach(overturned, cause, said_later)
    return dict(known)


def _given(connection: Connection, case_ids: Collection[int]) -> defaultdict[int, list[Any]]:
    """The causes that were given, by breach, the first at the front."""
    given: defaultdict[int, list[Any]] = defaultdict(list)
    wanted = select(CAUSES.c.breach_id, CAUSES.c.cause, CAUSES.c.given_at).where(CAUSES.c.case_id.in_(case_ids))
    for row in connection.execute(wanted.order_by(CAUSES.c.id)):
        given[row.breach_id].append(row)
    return given


def without_cause(connection: Connection, case_ids: Sequence[int], *, owed_by: str) -> list[UnexplainedBreach]:
    """The breaches of these cases that stand without a cause, where this agency owed the duty."""
    columns = (BREACHES.c.id, BREACHES.c.case_id, BREACHES.c.rule, BREACHES.c.start_key, BREACHES.c.due_on)
    stands = BREACHES.c.overturned_by.is_(None) & BREACHES.c.cause.is_(None) & (BREACHES.c.owed_by == owed_by)
    wanted = select(*columns, BREACHES.c.officer_id).where(BREACHES.c.case_id.in_(case_ids), stands)
    return [UnexplainedBreach(**row) for row in connection.execute(wanted.order_by(BREACHES.c.id)).mappings()]


def give(
    connection: Connection, breach_id: int, *, case_id: int, cause: str, note_id: str | None, by: str, at: datetime
) -> None:
    """Let this cause hold from now on; those before it stay."""
    values = {"breach_id": breach_id, "case_id": case_id, "cause": cause, "note_id": note_id}
    connection.execute(insert(CAUSES).values(**values, given_by=by, given_at=at))
    connection.execute(update(BREACHES).where(BREACHES.c.id == breach_id).values(cause=cause))

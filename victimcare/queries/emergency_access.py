"""Emergency access for those who review it: who opened which case, why, what they looked at; nothing of the case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.emergency_access import review_overdue
from victimcare.domain.people import Action, Person, scope_of
from victimcare.queries.access_log import Access, looked_at_between
from victimcare.store.cases import CASES
from victimcare.store.emergency_access import ACCESSES
from victimcare.store.staff import PEOPLE
from victimcare.store.vault import Vault
from victimcare.store.words_reader import words_for

_REVIEWER = PEOPLE.alias("reviewer")
MOST = 100


@dataclass(frozen=True, slots=True)
class EmergencyView:
    """One of them. `overdue`: nobody reviewed it in time. `is_own`: whoever looks opened it, and does not review it."""

    number: int
    case_id: int
    ref: str
    who: str
    reason: str
    opened_at: datetime
    until_at: datetime
    overdue: bool
    is_own: bool
    outcome: str | None
    reviewed_by: str | None
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class EmergencyInFull:
    """One with its words, and what its person did with the case while they had it open."""

    view: EmergencyView
    words: str = field(repr=False)
    review: str = field(repr=False)
    accesses: tuple[Access, ...] = ()


def emergencies(
    connection: Connection, *, person: Person, today: date, calendar: WorkingCalendar
) -> tuple[EmergencyView, ...]:
    """Those to review, the oldest first, and then the last that were; none for those who do not review."""
    if scope_of(person, Action.REVIEW_EMERGENCIES) is None:
        return ()
    waiting = _all().where(ACCESSES.c.outcome.is_(None)).order_by(ACCESSES.c.opened_at)
    done = _all().where(ACCESSES.c.outcome.is_not(None)).order_by(ACCESSES.c.opened_at.desc()).limit(MOST)
    rows = [*connection.execute(waiting), *connection.execute(done)]
    return tuple(_view(row, person, today, calendar) for row in rows)


def one_emergency(
    connection: Connection, *, person: Person, number: int, today: date, calendar: WorkingCalendar, vault: Vault
) -> EmergencyInFull | None:
    """The one of this number, for those who review. Raises `DoesNotOpen`."""
    row = connection.execute(_all().where(ACCESSES.c.id == number)).first()
    if row is None or scope_of(person, Action.REVIEW_EMERGENCIES) is None:
        return None
    view = _view(row, person, today, calendar)
    reader = words_for(connection, row.case_id, person, vault)
    words = reader.read(ACCESSES.c.sealed_words, row.id, row.sealed_words)
    review = reader.read(ACCESSES.c.sealed_review, row.id, row.sealed_review)
    until = min(row.until_at, row.ended_at or row.until_at)
    looked = looked_at_between(connection, row.case_id, row.person_id, row.opened_at, until)
    return EmergencyInFull(view, words, review, looked)


def _all() -> Select[Any]:
    joined = (
        ACCESSES.join(CASES, CASES.c.id == ACCESSES.c.case_id)
        .join(PEOPLE, PEOPLE.c.id == ACCESSES.c.person_id)
        .outerjoin(_REVIEWER, _REVIEWER.c.id == ACCESSES.c.reviewed_by)
    )
    names = (CASES.c.ref, PEOPLE.c.name.label("who"), _REVIEWER.c.name.label("reviewer"))
    return select(ACCESSES, *names).select_from(joined)


def _view(row: Any, person: Person, today: date, calendar: WorkingCalendar) -> EmergencyView:
    return EmergencyView(
        number=row.id,
        case_id=row.case_id,
        ref=row.ref,
        who=row.who,
        reason=row.reason,
        opened_at=row.opened_at,
        until_at=row.ended_at or row.until_at,
        overdue=row.outcome is None and review_overdue(row.opened_at, today, calendar),
        is_own=row.person_id == person.id,
        outcome=row.outcome,
        reviewed_by=row.reviewer,
        reviewed_at=row.reviewed_at,
    )

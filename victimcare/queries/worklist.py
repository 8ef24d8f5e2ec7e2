"""What a case officer owes people now: the first page of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, text

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person, Scope, scope_of
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.dues import DUES
from victimcare.store.tables import OPEN_AND_COUNTED, OPEN_AND_EXPECTED

OWN_AGENCY = "police"
SOON = 5
_COLUMNS = (
    DUES.c.case_id,
    CASES.c.ref,
    VICTIMS.c.name.label("victim_name"),
    DUES.c.rule,
    DUES.c.start_key,
    DUES.c.edition,
    DUES.c.owed_by,
    DUES.c.tier,
    DUES.c.due_on,
    DUES.c.counting,
)

OLDEST_FIRST = (DUES.c.due_on, CASES.c.ref, DUES.c.rule, DUES.c.start_key)
"""By reference within a day: by the case's number SQLite would read the whole force's day instead of the holder's."""


@dataclass(frozen=True, slots=True)
class OwedDuty:
    """One duty on a worklist. `working_days_late` is 0 until its day has passed."""

    case_id: int
    ref: str
    victim_name: str | None
    rule: str
    start_key: str
    title: str
    owed_by: str
    agency: str
    tier: str
    due_on: date
    working_days_late: int
    answered_by: EventKind
    expected: bool = False


@dataclass(frozen=True, slots=True)
class DutyList:
    """One list of the day: its first rows, and how many there are in all."""

    rows: tuple[OwedDuty, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Worklist:
    """An officer's day. `waiting` is what other agencies owe in the officer's cases."""

    today: date
    overdue: DutyList
    due_today: DutyList
    due_soon: DutyList
    waiting: DutyList
    open_cases: int

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that the page shows."""
        lists = (self.overdue, self.due_today, self.due_soon, self.waiting)
        return tuple({row.case_id for duties in lists for row in duties.rows})


def worklist(connection: Connection, *, person: Person, today: date, law: Law, limit: int = 20) -> Worklist:
    """What the person owes in the cases that they hold, oldest first; nothing for those who hold no cases.

    "Soon" is the next five working days after `today` (London date).
    """
    until = law.calendar.add_working_days(today, SOON)
    owed = DUES.c.owed_by == OWN_AGENCY
    return Worklist(
        today=today,
        overdue=_listed(connection, person, law, today, owed & (DUES.c.due_on < today), limit=limit),
        due_today=_listed(connection, person, law, today, owed & (DUES.c.due_on == today), limit=limit),
        due_soon=_listed(
            connection, person, law, today, owed & (DUES.c.due_on > today) & (DUES.c.due_on <= until), limit=limit
        ),
        waiting=_waiting(connection, person, law, today, limit),
        open_cases=_open_cases(connection, person),
    )


def _listed(
    connection: Connection,
    person: Person,
    law: Law,
    today: date,
    condition: ColumnElement[bool],
    *,
    which: str = OPEN_AND_COUNTED,
    limit: int,
) -> DutyList:
    held = _held_by(person) & condition
    total = connection.execute(select(func.count()).select_from(DUES).where(text(which), held)).scalar_one()
    statement = worklist_columns().where(text(which), held).order_by(*OLDEST_FIRST).limit(limit)
    return DutyList(owed_duties(connection.execute(statement).all(), law=law, today=today), total)


def _waiting(connection: Connection, person: Person, law: Law, today: date, limit: int) -> DutyList:
    """What other agencies owe: counted already, or expected because a hearing's day has passed without its result."""
    owed = _listed(connection, person, law, today, DUES.c.owed_by != OWN_AGENCY, limit=limit)
    past = DUES.c.started_on < today
    expected = _listed(connection, person, law, today, past, which=OPEN_AND_EXPECTED, limit=limit)
    rows = sorted(owed.rows + expected.rows, key=lambda row: row.due_on)[:limit]
    return DutyList(tuple(rows), owed.total + expected.total)


def worklist_columns(*more: ColumnElement[Any]) -> Select[Any]:
    """A select of duties with their case and victim, for `owed_duties`; narrow it before running it."""
    joined = DUES.join(CASES, CASES.c.id == DUES.c.case_id).join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
    return select(*_COLUMNS, *more).select_from(joined)


def _held_by(person: Person) -> ColumnElement[bool]:
    holds = scope_of(person, Action.SEE_OWN_WORK) is Scope.OWN
    return DUES.c.holder_id == (person.id if holds else None)


def _open_cases(connection: Connection, person: Person) -> int:
    held = (CASES.c.officer_id == person.id) & (CASES.c.status == "open")
    return int(connection.execute(select(func.count()).select_from(CASES).where(held)).scalar_one())


def owed_duties(rows: Sequence[Any], *, law: Law, today: date) -> tuple[OwedDuty, ...]:
    """The duties of these rows, in the Code's words and with how late they are on `today`."""
    return tuple(_owed_duty(row, law, today) for row in rows)


def _owed_duty(row: Any, law: Law, today: date) -> OwedDuty:
    edition = law.code.edition(row.edition)
    late = row.counting == "counted" and row.due_on < today
    return OwedDuty(
        case_id=row.case_id,
        ref=row.ref,
        victim_name=row.victim_name,
        rule=row.rule,
        start_key=row.start_key,
        title=edition.rule(row.rule).title,
        owed_by=row.owed_by,
        agency=edition.agencies.get(row.owed_by, row.owed_by),
        tier=row.tier,
        due_on=row.due_on,
        working_days_late=law.calendar.working_days_between(row.due_on, today) if late else 0,
        answered_by=edition.rule(row.rule).answered_by,
        expected=row.counting == "expected",
    )

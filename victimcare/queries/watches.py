"""What the force's own watches found in the cases of an officer or of a team, beside the duties of the Code.

A case that was handed over, and a breach without a cause, stand in lists of their own and not in these
(`queries/hand_over.py`, `queries/breaches.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Select,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.ladder import Ladder
from victimcare.domain.lateness import SOON
from victimcare.domain.people import Person
from victimcare.domain.watches import Watch
from victimcare.queries.scope import HELD_BY_THEM, OF_TEAM, OF_TEAM_OF_OFFICER, as_holder, as_of_team
from victimcare.store.cases import ASSIGNMENTS, CASES, VICTIMS
from victimcare.store.staff import PEOPLE
from victimcare.store.watching import SOURCES, day_of, found_by, window

_ELSEWHERE = (Watch.HAND_OVER, Watch.OFFICER_UNKNOWN, Watch.BREACH_CAUSE)
LISTED = tuple(watch for watch in Watch if watch not in _ELSEWHERE)


@dataclass(frozen=True, slots=True)
class WatchedCase:
    """That something is to be done in this case until `due_on` (London date), by the force's own policy."""

    case_id: int
    ref: str
    victim_name: str | None
    watch: Watch
    due_on: date
    officer_id: str
    officer_name: str
    working_days_late: int


@dataclass(frozen=True, slots=True)
class WatchedCases:
    """What is due first, and how much there is in all, by watch in `totals`."""

    rows: tuple[WatchedCase, ...] = ()
    totals: Mapping[Watch, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How much there is in all."""
        return sum(self.totals.values())

    def of(self, watch: str) -> tuple[WatchedCase, ...]:
        """The rows of one watch: itself, or its code."""
        return tuple(row for row in self.rows if row.watch == watch)

    def only(self, watch: Watch) -> WatchedCases:
        """What one watch found."""
        totals = {each: total for each, total in self.totals.items() if each is watch}
        return WatchedCases(self.of(watch), totals)

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that is listed."""
        return tuple(row.case_id for row in self.rows)


def watched_by(
    connection: Connection, *, person: Person, today: date, calendar: WorkingCalendar, ladder: Ladder, limit: int = 20
) -> WatchedCases:
    """What is due, and what will be in five working days, in the open cases that the person holds or covers."""
    until = calendar.add_working_days(today, SOON)
    found = _listed(connection, _BY_HOLDER, as_holder(person), until, today, calendar, ladder, limit)
    return replace(found, rows=found.rows[:limit])


def watched_late_in_team(
    connection: Connection,
    *,
    person: Person,
    today: date,
    calendar: WorkingCalendar,
    ladder: Ladder,
    limit: int = 20,
    officer_id: str = "",
) -> WatchedCases:
    """What has not been done by its day in the open cases of the supervisor's team: the first `limit` of each watch.

    Or in those of one officer of it.
    """
    statement = _OF_OFFICER if officer_id else _IN_TEAM
    whose = {**as_of_team(person), "officer_id": officer_id}
    return _listed(connection, statement, whose, _day_before(today), today, calendar, ladder, limit)


def late_since(
    watches: Iterable[Watch], *, today: date, calendar: WorkingCalendar, ladder: Ladder
) -> dict[str, date | datetime]:
    """What a statement with `begun_by` asks to know, to find what has not been done by its day on `today`."""
    return _begun(watches, _day_before(today), today, calendar, ladder)


def begun_by(watch: Watch) -> ColumnElement[bool]:
    """A condition: what is watched began early enough to be asked for."""
    source = SOURCES[watch]
    return source.since < bindparam(f"{watch}_until", type_=source.since.type)


def _begun(
    watches: Iterable[Watch], until: date, today: date, calendar: WorkingCalendar, ladder: Ladder
) -> dict[str, date | datetime]:
    """Before when each began that is to be done by the end of `until`; nothing did that the force does not watch."""
    before = {}
    for watch in watches:
        kept = watch in ladder.watches
        begun = window(watch, (_EVER, until), ladder=ladder, calendar=calendar, today=today) if kept else None
        before[f"{watch}_until"] = SOURCES[watch].end_of(begun[1] if begun else _EVER)
    return before


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _listed(
    connection: Connection,
    statement: Select[Any],
    whose: dict[str, Any],
    until: date,
    today: date,
    calendar: WorkingCalendar,
    ladder: Ladder,
    limit: int,
) -> WatchedCases:
    asked = {**whose, "limit": limit, **_begun(LISTED, until, today, calendar, ladder)}
    found = connection.execute(statement, asked).all()
    rows = [_case(row, today, calendar, ladder) for row in found]
    totals = {Watch(row.watch): row.total for row in found}
    return WatchedCases(tuple(sorted(rows, key=lambda row: (row.due_on, row.ref, row.watch))), totals)


def _case(row: Any, today: date, calendar: WorkingCalendar, ladder: Ladder) -> WatchedCase:
    watch = Watch(row.watch)
    due_on = day_of(watch, row.since_on or row.since_at, ladder, calendar)
    late = calendar.working_days_between(due_on, today) if due_on < today else 0
    return WatchedCase(row.id, row.ref, row.name, watch, due_on, row.officer_id, row.officer_name, late)


def _all_of(whose: ColumnElement[bool], watches: Iterable[Watch]) -> Select[Any]:
    """What each watch finds, in one statement: of each the first, and how many there are."""
    parts = [select(_one_of(watch, whose).subquery()) for watch in watches]
    return select(union_all(*parts).subquery())


def _one_of(watch: Watch, whose: ColumnElement[bool]) -> Select[Any]:
    """The names are looked up of the few that are shown, not of the many that are counted."""
    source = SOURCES[watch]
    of_cases = (CASES.c.id, CASES.c.ref, CASES.c.officer_id, CASES.c.victim_id, source.since.label("since"))
    found = found_by(watch, *of_cases, func.count().over().label("total"), source=source.beside)
    first = found.where(whose, begun_by(watch)).order_by(source.since, CASES.c.ref).limit(bindparam("limit")).subquery()
    of_day = isinstance(source.since.type, Date)
    columns = (
        literal(watch.value).label("watch"),
        first.c.id,
        first.c.ref,
        VICTIMS.c.name,
        first.c.officer_id,
        PEOPLE.c.name.label("officer_name"),
        (first.c.since if of_day else cast(null(), Date)).label("since_on"),
        (first.c.since if not of_day else cast(null(), ASSIGNMENTS.c.from_at.type)).label("since_at"),
        first.c.total,
    )
    named = first.join(PEOPLE, PEOPLE.c.id == first.c.officer_id).join(VICTIMS, VICTIMS.c.id == first.c.victim_id)
    return select(*columns).select_from(named)


# Made once, as those of the worklist.
_EVER = date(1, 1, 1)
_BY_HOLDER = _all_of(HELD_BY_THEM, LISTED)
_IN_TEAM = _all_of(OF_TEAM, LISTED)
_OF_OFFICER = _all_of(OF_TEAM_OF_OFFICER, LISTED)

"""What a case officer owes people now: the first page of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Select,
    bindparam,
    case,
    func,
    literal,
    select,
    text,
    union_all,
)

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.lateness import SOON
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.queries.scope import as_holder, open_to_viewer
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.dues import DUES
from victimcare.store.tables import OPEN_AND_COUNTED, OPEN_AND_EXPECTED

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
    DUES.c.holder_id,
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
    holder_id: str
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
    """What the person owes in the cases that they hold or cover, oldest first; nothing for those who hold no cases.

    "Soon" is the next five working days after `today` (London date).
    """
    asked = {"today": today, "until": law.calendar.add_working_days(today, SOON), "limit": limit}
    rows: dict[str, list[Any]] = {listed: [] for listed in (_OVERDUE, _TODAY, _SOON, _WAITING)}
    for row in connection.execute(_DAY, {**as_holder(person), **asked}):
        rows[row.list].append(row)
    overdue, due_today, due_soon, waiting = (
        DutyList(owed_duties(of_list, law=law, today=today), of_list[0].total if of_list else 0)
        for of_list in rows.values()
    )
    open_cases = connection.execute(_OPEN_CASES, {"holder": person.id, "viewer": person.id}).scalar_one()
    return Worklist(today, overdue, due_today, due_soon, waiting, open_cases)


def worklist_columns(*more: ColumnElement[Any]) -> Select[Any]:
    """A select of duties with their case and victim, for `owed_duties`; narrow it before running it."""
    joined = DUES.join(CASES, CASES.c.id == DUES.c.case_id).join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
    return select(*_COLUMNS, *more).select_from(joined)


def _day() -> Select[Any]:
    """The lists of a day in one statement: each with its first rows and its total.

    What other agencies owe is counted already, or expected because a hearing's day has passed without its result.
    """
    today, until = bindparam("today", type_=Date), bindparam("until", type_=Date)
    due_on = DUES.c.due_on
    own = DUES.c.owed_by == OWN_AGENCY
    its_list = case((~own, _WAITING), (due_on < today, _OVERDUE), (due_on == today, _TODAY), else_=_SOON)
    held = DUES.c.holder_id.in_(bindparam("holders", expanding=True)) & open_to_viewer(DUES.c.case_id)
    counted = select(DUES, its_list.label("list")).where(text(OPEN_AND_COUNTED), held, ~own | (due_on <= until))
    expected = select(DUES, literal(_WAITING).label("list")).where(
        text(OPEN_AND_EXPECTED), held, DUES.c.started_on < today
    )
    mine = union_all(counted, expected).subquery()
    order = (mine.c.due_on, CASES.c.ref, mine.c.rule, mine.c.start_key)
    ranked = (
        select(
            mine,
            CASES.c.ref,
            CASES.c.victim_id,
            func.count().over(partition_by=mine.c.list).label("total"),
            func.row_number().over(partition_by=mine.c.list, order_by=order).label("place"),
        )
        .join(CASES, CASES.c.id == mine.c.case_id)
        .subquery()
    )
    return (
        select(ranked, VICTIMS.c.name.label("victim_name"))
        .join(VICTIMS, VICTIMS.c.id == ranked.c.victim_id)
        .where(ranked.c.place <= bindparam("limit"))
        .order_by(ranked.c.list, ranked.c.place)
    )


# Made once: building a statement takes SQLAlchemy longer than SQLite takes to answer it.
_OVERDUE, _TODAY, _SOON, _WAITING = "overdue", "today", "soon", "waiting"
_DAY = _day()
_OPEN_CASES = (
    select(func.count())
    .select_from(CASES)
    .where(CASES.c.officer_id == bindparam("holder"), CASES.c.status == "open", open_to_viewer(CASES.c.id))
)


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
        title=edition.rule(row.rule).marked_title,
        owed_by=row.owed_by,
        agency=edition.agencies.get(row.owed_by, row.owed_by),
        tier=row.tier,
        due_on=row.due_on,
        working_days_late=law.calendar.working_days_between(row.due_on, today) if late else 0,
        answered_by=edition.rule(row.rule).answered_by,
        holder_id=row.holder_id,
        expected=row.counting == "expected",
    )

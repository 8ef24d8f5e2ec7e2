"""What each case officer of a team has to do: counts of open duties by when they are due, cases, and workload."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Date, Select, and_, bindparam, case, func, or_, select

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.allocation import Specialism
from victimcare.domain.lateness import AGES, Age, When, age_of_code, due_between, overdue_between
from victimcare.domain.law import Law
from victimcare.domain.people import Person, Role
from victimcare.domain.workload import Weights, share
from victimcare.queries.scope import DUTIES_OF_TEAM, OF_TEAM, as_of_team
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES
from victimcare.store.staff import PEOPLE, is_absent, specialisms_of, stands_in
from victimcare.store.workload import open_work


@dataclass(frozen=True, slots=True)
class OfficerLoad:
    """One officer of the team: counts of open duties owed by the police, of cases, and `points` of work.

    The points are those of `domain/workload.py`. Whoever asks sees the cases that they may see in these figures, and
    no others.
    """

    officer_id: str
    name: str
    absent: bool
    open_cases: int
    overdue: int
    due_today: int
    due_soon: int
    points: int
    capacity: int
    specialisms: frozenset[Specialism]
    can_take_cases: bool

    @property
    def workload(self) -> float:
        """Share of capacity in use: 1.0 is full."""
        return share(self.points, self.capacity)

    @property
    def in_words(self) -> str:
        """The name with the workload, as it is chosen from."""
        return f"{self.name} (workload {self.workload:.0%})"


@dataclass(frozen=True, slots=True)
class Counted:
    """So many open duties of one officer, right and owing agency, due then; `age` only of what is overdue."""

    officer_id: str
    right_number: int
    owed_by: str
    when: When
    age: Age | None
    duties: int
    oldest_due_on: date


Tally = tuple[Counted, ...]
"""The open duties of a team, each counted once: every figure of the team's page is a sum over it."""


def counted_in(tally: Iterable[Counted], when: When, *, own: bool = True) -> int:
    """How many are due then: of the police, or of other agencies."""
    return sum(each.duties for each in tally if each.when is when and (each.owed_by == OWN_AGENCY) is own)


def team_tally(connection: Connection, *, person: Person, today: date, law: Law) -> Tally:
    """The open duties in the cases of the supervisor's team that they may see, as of `today` (London date)."""
    bounds = {f"age_{age.code}": overdue_between(age, today, law.calendar)[0] for age in _BOUNDED}
    until = due_between(When.SOON, today, law.calendar)[1]
    asked = {**as_of_team(person), "today": today, "until": until, **bounds}
    return tuple(_counted(row) for row in connection.execute(_TALLY, asked))


def officer_loads(
    connection: Connection, *, person: Person, today: date, tally: Tally, weights: Weights
) -> tuple[OfficerLoad, ...]:
    """The officers of the supervisor's team and whoever else holds its cases, most overdue first."""
    asked = {**as_of_team(person), "today": today}
    own: dict[str, Counter[When]] = {}
    for each in tally:
        of_officer = own.setdefault(each.officer_id, Counter())
        of_officer[each.when] += each.duties if each.owed_by == OWN_AGENCY else 0
    open_cases = {row.officer_id: row.cases for row in connection.execute(_CASES_OF_OFFICERS, asked)}
    points = {row.holder_id: row.points for row in connection.execute(_work(weights), asked)}
    people = connection.execute(_PEOPLE, {**asked, "holding": sorted(own.keys() | open_cases.keys())})
    loads = [_load(row, own, open_cases, points, asked) for row in people]
    return tuple(sorted(loads, key=lambda load: (-load.overdue, load.name)))


def takers(loads: Iterable[OfficerLoad]) -> tuple[OfficerLoad, ...]:
    """Officers of the team who can take cases today, least loaded first."""
    present = [load for load in loads if load.can_take_cases]
    return tuple(sorted(present, key=lambda load: (load.workload, load.officer_id)))


def _counted(row: Any) -> Counted:
    age = age_of_code(row.due)
    when = When.OVERDUE if age else When(row.due)
    return Counted(row.holder_id, row.right_number, row.owed_by, when, age, row.duties, row.oldest)


def _load(
    row: Any,
    own: Mapping[str, Mapping[When, int]],
    open_cases: Mapping[str, int],
    points: Mapping[str, int],
    asked: Mapping[str, Any],
) -> OfficerLoad:
    works_here = row.team_id == asked["team_id"] and row.active
    absent = not works_here or is_absent(row, asked["today"])
    counts = own.get(row.id, Counter())
    return OfficerLoad(
        officer_id=row.id,
        name=row.name,
        absent=absent,
        open_cases=open_cases.get(row.id, 0),
        overdue=counts[When.OVERDUE],
        due_today=counts[When.TODAY],
        due_soon=counts[When.SOON],
        points=points.get(row.id, 0),
        capacity=row.capacity,
        specialisms=specialisms_of(row.specialisms),
        can_take_cases=row.role == Role.OFFICER.value and not absent,
    )


# The statements are made once, as those of the worklist.
_BOUNDED = [age for age in AGES if age.most is not None]
_TODAY, _UNTIL = bindparam("today", type_=Date), bindparam("until", type_=Date)


def _tally() -> Select[Any]:
    due_on = DUES.c.due_on
    due = case(
        (due_on > _UNTIL, When.LATER.value),
        (due_on > _TODAY, When.SOON.value),
        (due_on == _TODAY, When.TODAY.value),
        *((due_on >= bindparam(f"age_{age.code}", type_=Date), age.code) for age in _BOUNDED),
        else_=AGES[-1].code,
    ).label("due")
    open_duties = select(DUES.c.holder_id, DUES.c.right_number, DUES.c.owed_by, due, due_on).where(
        DUTIES_OF_TEAM, due_on.is_not(None)
    )
    each = open_duties.subquery("each_duty")
    of = (each.c.holder_id, each.c.right_number, each.c.owed_by, each.c.due)
    counts = (func.count().label("duties"), func.min(each.c.due_on).label("oldest"))
    return select(*of, *counts).group_by(*of)


@cache
def _work(weights: Weights) -> Select[Any]:
    return select(open_work(weights, of_duties=DUTIES_OF_TEAM, of_cases=OF_TEAM))


_TALLY = _tally()
_CASES_OF_OFFICERS = (
    select(CASES.c.officer_id, func.count().label("cases"))
    .where(OF_TEAM, CASES.c.status == "open")
    .group_by(CASES.c.officer_id)
)
_WORKS_HERE = and_(PEOPLE.c.team_id == bindparam("team_id"), PEOPLE.c.active, PEOPLE.c.role == Role.OFFICER.value)
# Whoever still holds the team's cases is listed too, so that the officers' figures add up to the team's.
_PEOPLE = select(PEOPLE, stands_in(_TODAY)).where(
    or_(_WORKS_HERE, PEOPLE.c.id.in_(bindparam("holding", expanding=True)))
)

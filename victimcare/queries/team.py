"""The supervisor's page: what is open in the team, by officer, right, owing agency and age, in figures that add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.lateness import AGES, When
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.workload import Weights
from victimcare.queries.officer_loads import Counted, OfficerLoad, Tally, officer_loads, team_tally
from victimcare.queries.scope import OF_TEAM, as_of_team
from victimcare.store.cases import CASES
from victimcare.store.staff import TEAMS
from victimcare.store.tables import HELD


@dataclass(frozen=True, slots=True)
class Line:
    """A line of figures: open duties of one right, or of one agency. `key` is what it is narrowed to in an address."""

    key: str
    title: str
    overdue: int
    due_today: int
    due_soon: int
    oldest_due_on: date | None


@dataclass(frozen=True, slots=True)
class AgeLine:
    """So many duties of the police have been overdue so long."""

    code: str
    title: str
    overdue: int


@dataclass(frozen=True, slots=True)
class TeamPage:
    """The team's day. `rights` and `ages` are of what the police owe, `agencies` of everything in the team's cases."""

    team_name: str
    today: date
    officers: tuple[OfficerLoad, ...]
    overdue_total: int
    due_today_total: int
    due_soon_total: int
    others_overdue_total: int
    rights: tuple[Line, ...]
    agencies: tuple[Line, ...]
    ages: tuple[AgeLine, ...]
    held_total: int


def team_page(connection: Connection, *, person: Person, today: date, law: Law, weights: Weights) -> TeamPage:
    """The team of the supervisor as it stands on `today` (London date)."""
    asked = as_of_team(person)
    tally = team_tally(connection, person=person, today=today, law=law)
    own = tuple(each for each in tally if each.owed_by == OWN_AGENCY)
    total = _by_when(own)
    return TeamPage(
        team_name=connection.execute(_TEAM_NAME, asked).scalar() or "",
        today=today,
        officers=officer_loads(connection, person=person, today=today, tally=tally, weights=weights),
        overdue_total=total[When.OVERDUE],
        due_today_total=total[When.TODAY],
        due_soon_total=total[When.SOON],
        others_overdue_total=_by_when(tally)[When.OVERDUE] - total[When.OVERDUE],
        rights=_lines(own, lambda each: str(each.right_number), right_titles(law)),
        agencies=_lines(tally, lambda each: each.owed_by, agency_names(law)),
        ages=tuple(
            AgeLine(age.code, age.in_words, sum(each.duties for each in own if each.age == age)) for age in AGES
        ),
        held_total=connection.execute(_HELD_TOTAL, asked).scalar_one(),
    )


def agency_names(law: Law) -> Mapping[str, str]:
    """The agencies of every edition, in the order of the Code."""
    return {code: name for edition in law.code.editions for code, name in edition.agencies.items()}


def right_titles(law: Law) -> Mapping[str, str]:
    """The rights of every edition with their numbers, in their order."""
    numbers = sorted({right.number for edition in law.code.editions for right in edition.rights})
    return {str(number): f"{number}. {law.code.latest.right_title(number)}" for number in numbers}


def _by_when(tally: Tally) -> Mapping[When, int]:
    return {when: sum(each.duties for each in tally if each.when is when) for when in When}


def _lines(tally: Tally, key_of: Callable[[Counted], str], titles: Mapping[str, str]) -> tuple[Line, ...]:
    """A line for each of these that has something due by the end of the next five working days."""
    lines = []
    for key, title in titles.items():
        of_key = tuple(each for each in tally if key_of(each) == key and each.when is not When.LATER)
        if of_key:
            lines.append(_line(key, title, of_key))
    return tuple(lines)


def _line(key: str, title: str, tally: Tally) -> Line:
    counts = _by_when(tally)
    oldest = min((each.oldest_due_on for each in tally if each.when is When.OVERDUE), default=None)
    return Line(key, title, counts[When.OVERDUE], counts[When.TODAY], counts[When.SOON], oldest)


# The statements are made once, as those of the worklist.
_TEAM_NAME = select(TEAMS.c.name).where(TEAMS.c.id == bindparam("team_id"))
IS_HELD: Any = text(HELD) & (CASES.c.status == "open") & OF_TEAM
"""A condition on `victim_case`: of the team, and nobody could take it; run it with `as_of_team(person)`."""
_HELD_TOTAL = select(func.count()).select_from(CASES).where(IS_HELD)

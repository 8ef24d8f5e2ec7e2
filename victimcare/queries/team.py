"""The supervisor's page: what is overdue in the team, by whom and by which right; what is held; who could take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Select, and_, bindparam, case, func, or_, select, text

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.law import Law
from victimcare.domain.people import Person, Role
from victimcare.queries.decisions import Decision, decisions
from victimcare.queries.scope import OF_TEAM, as_of_team, open_to_viewer
from victimcare.queries.worklist import OLDEST_FIRST, SOON, OwedDuty, owed_duties, worklist_columns
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.dues import DUES
from victimcare.store.staff import PEOPLE, TEAMS, is_absent, stands_in
from victimcare.store.tables import HELD, OPEN_AND_COUNTED


@dataclass(frozen=True, slots=True)
class OfficerLoad:
    """One officer of the team: counts of open duties owed by the police, and of cases; workload is a share of 1."""

    officer_id: str
    name: str
    absent: bool
    open_cases: int
    overdue: int
    due_today: int
    due_soon: int
    workload: float
    can_take_cases: bool

    @property
    def in_words(self) -> str:
        """The name with the workload, as it is chosen from."""
        return f"{self.name} (workload {self.workload:.0%})"


@dataclass(frozen=True, slots=True)
class RightOverdue:
    """What is overdue under one right."""

    number: int
    title: str
    overdue: int
    oldest_due_on: date


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A case that nobody could take: a supervisor holds it."""

    case_id: int
    ref: str
    victim_name: str | None
    crime_type: str
    opened_on: date
    officer_id: str
    why: str


@dataclass(frozen=True, slots=True)
class OverdueCase:
    """A case with something overdue: its overdue duties, oldest first, and who holds it."""

    officer_id: str
    officer_name: str
    duties: tuple[OwedDuty, ...]

    @property
    def oldest(self) -> OwedDuty:
        """The duty that has been overdue longest."""
        return self.duties[0]


@dataclass(frozen=True, slots=True)
class TeamPage:
    """The team's day. `held` and `overdue` are the oldest of all that `held_total` and `overdue_total` count."""

    team_name: str
    today: date
    officers: tuple[OfficerLoad, ...]
    rights: tuple[RightOverdue, ...]
    overdue: tuple[OverdueCase, ...]
    overdue_total: int
    held: tuple[HeldCase, ...]
    held_total: int
    decisions: tuple[Decision, ...]

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that the page shows."""
        overdue = {case.oldest.case_id for case in self.overdue}
        return tuple(overdue | {held.case_id for held in self.held} | {asked.case_id for asked in self.decisions})

    @property
    def overdue_shown(self) -> int:
        """How many overdue duties the page lists."""
        return sum(len(case.duties) for case in self.overdue)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Officers of the team who can take cases today: (id, name with workload), least loaded first."""
        present = [load for load in self.officers if load.can_take_cases]
        ordered = sorted(present, key=lambda load: (load.workload, load.officer_id))
        return tuple((load.officer_id, load.in_words) for load in ordered)


def team_page(connection: Connection, *, person: Person, today: date, law: Law, limit: int = 25) -> TeamPage:
    """The team of the supervisor as it stands on `today` (London date), oldest overdue first."""
    asked = {
        **as_of_team(person),
        "today": today,
        "until": law.calendar.add_working_days(today, SOON),
        "limit": limit,
    }
    overdue_rows = connection.execute(_OVERDUE, asked).all()
    held_rows = connection.execute(_HELD, asked).all()
    officers = _officers(connection, asked)
    rights = _rights(connection, asked, law)
    names = {load.officer_id: load.name for load in officers}
    officer_of = {row.case_id: row.officer_id for row in overdue_rows}
    return TeamPage(
        team_name=connection.execute(_TEAM_NAME, asked).scalar() or "",
        today=today,
        officers=officers,
        rights=rights,
        overdue=_by_case(owed_duties(overdue_rows, law=law, today=today), officer_of, names),
        overdue_total=sum(right.overdue for right in rights),
        held=tuple(_held_case(row) for row in held_rows),
        held_total=connection.execute(_HELD_TOTAL, asked).scalar_one(),
        decisions=decisions(connection, person=person, law=law),
    )


def _officers(connection: Connection, asked: Mapping[str, Any]) -> tuple[OfficerLoad, ...]:
    counts = {row.holder_id: row for row in connection.execute(_DUTIES_OF_OFFICERS, asked)}
    open_cases = {row.officer_id: row.cases for row in connection.execute(_CASES_OF_OFFICERS, asked)}
    people = connection.execute(_PEOPLE, {**asked, "holding": sorted(counts.keys() | open_cases.keys())})
    loads = [_load(row, counts.get(row.id), open_cases.get(row.id, 0), asked) for row in people]
    return tuple(sorted(loads, key=lambda load: (-load.overdue, load.name)))


def _load(row: Any, counts: Any, open_cases: int, asked: Mapping[str, Any]) -> OfficerLoad:
    works_here = row.team_id == asked["team_id"] and row.active
    absent = not works_here or is_absent(row, asked["today"])
    return OfficerLoad(
        officer_id=row.id,
        name=row.name,
        absent=absent,
        open_cases=open_cases,
        overdue=counts.overdue if counts else 0,
        due_today=counts.due_today if counts else 0,
        due_soon=counts.due_soon if counts else 0,
        workload=(counts.open if counts else 0) / row.capacity,
        can_take_cases=row.role == Role.OFFICER.value and not absent,
    )


def _by_case(
    duties: tuple[OwedDuty, ...], officer_of: Mapping[int, str], names: Mapping[str, str]
) -> tuple[OverdueCase, ...]:
    """The cases in the order of their oldest overdue duty."""
    cases: dict[int, list[OwedDuty]] = {}
    for duty in duties:
        cases.setdefault(duty.case_id, []).append(duty)
    holders = ((officer_of[case_id], of_case) for case_id, of_case in cases.items())
    return tuple(OverdueCase(officer, names.get(officer, officer), tuple(of_case)) for officer, of_case in holders)


def _rights(connection: Connection, asked: Mapping[str, Any], law: Law) -> tuple[RightOverdue, ...]:
    title = law.code.latest.right_title
    return tuple(
        RightOverdue(row.right_number, title(row.right_number), row.overdue, row.oldest)
        for row in connection.execute(_RIGHTS_OVERDUE, asked)
    )


def _held_case(row: Any) -> HeldCase:
    why = f"held by {row.held_by}"
    return HeldCase(row.id, row.ref, row.victim_name, row.crime_type, row.opened_on, row.officer_id, why)


# The statements are made once, as those of the worklist.
_TODAY, _UNTIL = bindparam("today", type_=Date), bindparam("until", type_=Date)
_HELD_IN_TEAM = text(OPEN_AND_COUNTED) & (DUES.c.holder_team_id == bindparam("team_id"))
_OF_TEAM = _HELD_IN_TEAM & open_to_viewer(DUES.c.case_id)
_IS_OVERDUE = _OF_TEAM & (DUES.c.owed_by == OWN_AGENCY) & (DUES.c.due_on < _TODAY)
_TEAM_NAME = select(TEAMS.c.name).where(TEAMS.c.id == bindparam("team_id"))
_OVERDUE = worklist_columns(CASES.c.officer_id).where(_IS_OVERDUE).order_by(*OLDEST_FIRST).limit(bindparam("limit"))
_RIGHTS_OVERDUE = (
    select(DUES.c.right_number, func.count().label("overdue"), func.min(DUES.c.due_on).label("oldest"))
    .where(_IS_OVERDUE)
    .group_by(DUES.c.right_number)
    .order_by(DUES.c.right_number)
)
_CASES_OF_OFFICERS = (
    select(CASES.c.officer_id, func.count().label("cases"))
    .where(OF_TEAM, CASES.c.status == "open")
    .group_by(CASES.c.officer_id)
)


def _owed_by_police(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition & (DUES.c.owed_by == OWN_AGENCY), 1), else_=0))


# Every open duty is work, whoever owes it, as for allocation; late is what the police owe.
_DUTIES_OF_OFFICERS = (
    select(
        DUES.c.holder_id,
        func.count().label("open"),
        _owed_by_police(DUES.c.due_on < _TODAY).label("overdue"),
        _owed_by_police(DUES.c.due_on == _TODAY).label("due_today"),
        _owed_by_police((DUES.c.due_on > _TODAY) & (DUES.c.due_on <= _UNTIL)).label("due_soon"),
    )
    .where(_OF_TEAM)
    .group_by(DUES.c.holder_id)
)
_WORKS_HERE = and_(PEOPLE.c.team_id == bindparam("team_id"), PEOPLE.c.active, PEOPLE.c.role == Role.OFFICER.value)
# Whoever still holds the team's cases is listed too, so that the officers' figures add up to the team's.
_PEOPLE = select(PEOPLE, stands_in(_TODAY)).where(
    or_(_WORKS_HERE, PEOPLE.c.id.in_(bindparam("holding", expanding=True)))
)


_IS_HELD = text(HELD) & (CASES.c.status == "open") & OF_TEAM
_HELD_TOTAL = select(func.count()).select_from(CASES).where(_IS_HELD)


def _held() -> Select[Any]:
    cases = (CASES.c.id, CASES.c.ref, CASES.c.crime_type, CASES.c.opened_on, CASES.c.officer_id)
    names = (VICTIMS.c.name.label("victim_name"), PEOPLE.c.name.label("held_by"))
    return (
        select(*cases, *names)
        .join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
        .join(PEOPLE, PEOPLE.c.id == CASES.c.officer_id)
        .where(_IS_HELD)
        .order_by(CASES.c.opened_on)
        .limit(bindparam("limit"))
    )


_HELD = _held()

"""The cases that a supervisor can hand over: those held, those with something overdue, or all of one officer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Date, Select, bindparam, func, select

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.domain.workload import Weights
from victimcare.queries.officer_loads import OfficerLoad, officer_loads, takers, team_tally
from victimcare.queries.scope import DUTIES_OF_TEAM, OF_TEAM, OF_TEAM_AT_LAST, as_of_team
from victimcare.queries.team import IS_HELD
from victimcare.queries.worklist import OLDEST_FIRST, OwedDuty, owed_duties, worklist_columns
from victimcare.store.cases import CASES, NOT_DISPOSED, VICTIMS
from victimcare.store.dues import DUES
from victimcare.store.protections import PROTECTIONS
from victimcare.store.staff import PEOPLE

MOST = 500
"""Cases of one officer that are listed, and handed over at a time."""


@dataclass(frozen=True, slots=True)
class ChosenFrom:
    """A case to choose: one that nobody could take, or one of a caseload."""

    case_id: int
    ref: str
    victim_name: str | None
    crime_type: str
    opened_on: date
    officer_id: str
    officer_name: str


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
class ProtectedCase:
    """A case whose location is protected."""

    case_id: int
    ref: str


@dataclass(frozen=True, slots=True)
class HandOverChoice:
    """What can be chosen. `held` and `overdue` are the oldest of what `held_total` and `overdue_total` count.

    `of_officer` is whose whole caseload is to choose from instead, with its cases in `caseload`. `protected` are the
    cases of the team whose location is protected, closed ones too, by the officer who is custodian.
    """

    today: date
    officers: tuple[OfficerLoad, ...]
    held: tuple[ChosenFrom, ...]
    held_total: int
    overdue: tuple[OverdueCase, ...]
    overdue_total: int
    of_officer: OfficerLoad | None
    caseload: tuple[ChosenFrom, ...]
    protected: Mapping[str, tuple[ProtectedCase, ...]]

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that is listed."""
        listed = {case.case_id for case in (*self.held, *self.caseload)} | {case.case_id for case in self.in_custody}
        return tuple(listed | {case.oldest.case_id for case in self.overdue})

    @property
    def in_custody(self) -> tuple[ProtectedCase, ...]:
        """Of which protected locations `of_officer` is the custodian, whoever has the case."""
        return self.protected.get(self.of_officer.officer_id, ()) if self.of_officer else ()

    @property
    def overdue_shown(self) -> int:
        """How many overdue duties are listed."""
        return sum(len(case.duties) for case in self.overdue)

    @property
    def takers(self) -> tuple[OfficerLoad, ...]:
        """Who could take cases today, least loaded first; not whoever is to hand theirs over."""
        return tuple(load for load in takers(self.officers) if load != self.of_officer)


def hand_over_choice(
    connection: Connection,
    *,
    person: Person,
    today: date,
    law: Law,
    weights: Weights,
    of_officer: str = "",
    limit: int = 25,
) -> HandOverChoice:
    """The cases that the supervisor may hand over; all of `of_officer`, if they hold cases of the team."""
    tally = team_tally(connection, person=person, today=today, law=law)
    officers = officer_loads(connection, person=person, today=today, tally=tally, weights=weights)
    whose = next((load for load in officers if load.officer_id == of_officer), None)
    asked = {**as_of_team(person, Action.REASSIGN), "today": today, "limit": limit, "officer": of_officer, "most": MOST}
    names = {load.officer_id: load.name for load in officers}
    held = connection.execute(_HELD, asked).all() if whose is None else []
    overdue = connection.execute(_OVERDUE, asked).all() if whose is None else []
    officer_of = {row.case_id: row.officer_id for row in overdue}
    return HandOverChoice(
        today=today,
        officers=officers,
        held=tuple(ChosenFrom(*row[:-1]) for row in held),
        held_total=held[0].total if held else 0,
        overdue=_by_case(owed_duties(overdue, law=law, today=today), officer_of, names),
        overdue_total=sum(load.overdue for load in officers),
        of_officer=whose,
        caseload=tuple(ChosenFrom(*row[:-1]) for row in connection.execute(_CASELOAD, asked)) if whose else (),
        protected=_protected(connection, asked),
    )


def _protected(connection: Connection, asked: Mapping[str, Any]) -> Mapping[str, tuple[ProtectedCase, ...]]:
    by_custodian: dict[str, tuple[ProtectedCase, ...]] = {}
    for row in connection.execute(_PROTECTED, asked):
        case = ProtectedCase(row.id, row.ref)
        by_custodian[row.custodian_id] = (*by_custodian.get(row.custodian_id, ()), case)
    return by_custodian


def _by_case(
    duties: tuple[OwedDuty, ...], officer_of: Mapping[int, str], names: Mapping[str, str]
) -> tuple[OverdueCase, ...]:
    """The cases in the order of their oldest overdue duty."""
    cases: dict[int, list[OwedDuty]] = {}
    for duty in duties:
        cases.setdefault(duty.case_id, []).append(duty)
    holders = ((officer_of[case_id], of_case) for case_id, of_case in cases.items())
    return tuple(OverdueCase(officer, names.get(officer, officer), tuple(of_case)) for officer, of_case in holders)


def _cases(condition: Any, most: str) -> Select[Any]:
    cases = (CASES.c.id, CASES.c.ref, VICTIMS.c.name, CASES.c.crime_type, CASES.c.opened_on, CASES.c.officer_id)
    return (
        select(*cases, PEOPLE.c.name.label("officer_name"), func.count().over().label("total"))
        .join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
        .join(PEOPLE, PEOPLE.c.id == CASES.c.officer_id)
        .where(condition)
        .order_by(CASES.c.opened_on, CASES.c.ref)
        .limit(bindparam(most))
    )


# The statements are made once, as those of the worklist.
_HELD = _cases(IS_HELD, "limit")
_CASELOAD = _cases(OF_TEAM & (CASES.c.status == "open") & (CASES.c.officer_id == bindparam("officer")), "most")
_IS_OVERDUE = DUTIES_OF_TEAM & (DUES.c.owed_by == OWN_AGENCY) & (DUES.c.due_on < bindparam("today", type_=Date))
_OVERDUE = worklist_columns(CASES.c.officer_id).where(_IS_OVERDUE).order_by(*OLDEST_FIRST).limit(bindparam("limit"))
_PROTECTED = (
    select(CASES.c.id, CASES.c.ref, PROTECTIONS.c.custodian_id)
    .join(PROTECTIONS, PROTECTIONS.c.case_id == CASES.c.id)
    .where(PROTECTIONS.c.lifted_at.is_(None), NOT_DISPOSED, OF_TEAM_AT_LAST)
    .order_by(CASES.c.ref)
)

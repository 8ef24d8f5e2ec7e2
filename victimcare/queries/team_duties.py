"""The list behind each figure of the supervisor's page: the open duties of the team that the figure counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.lateness import Age, When, due_between, overdue_between
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.queries.scope import DUTIES_OF_TEAM, as_of_team
from victimcare.queries.worklist import OLDEST_FIRST, OwedDuty, owed_duties, worklist_columns
from victimcare.store.dues import DUES
from victimcare.store.staff import PEOPLE

PAGE_SIZE = 25
OTHERS = "others"
"""Instead of the code of an agency: every one but the police."""


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """What the list is narrowed to; what is empty narrows nothing. `owed_by` is an agency's code, or `OTHERS`.

    `between` are the first and the last due date (London dates). `agreed`: only contact as often as was agreed with
    the victim.
    """

    when: When | None = None
    owed_by: str = ""
    officer_id: str = ""
    right: int | None = None
    age: Age | None = None
    between: tuple[date, date] | None = None
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class TeamDuties:
    """One page of the list, oldest first, how many there are in all, and the names of the officers who hold them."""

    filter: DutyFilter
    today: date
    duties: tuple[OwedDuty, ...]
    total: int
    officers: Mapping[str, str]

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that the page shows."""
        return tuple(duty.case_id for duty in self.duties)


def team_duties(
    connection: Connection,
    *,
    person: Person,
    wanted: DutyFilter,
    today: date,
    law: Law,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> TeamDuties:
    """The open duties of the supervisor's team that fit `wanted`, as of `today` (London date).

    A page out of range is the nearest that there is, as of `Paging`.
    """
    asked = as_of_team(person)
    fitting = DUTIES_OF_TEAM & _narrowed(wanted, today, law)
    total = connection.execute(select(func.count()).select_from(DUES).where(fitting), asked).scalar_one()
    first = min(max(1, page), max(1, -(-total // size))) * size - size
    listed = worklist_columns().where(fitting).order_by(*OLDEST_FIRST).offset(first).limit(size)
    duties = owed_duties(connection.execute(listed, asked).all(), law=law, today=today)
    holders = select(PEOPLE.c.id, PEOPLE.c.name).where(PEOPLE.c.id.in_({duty.holder_id for duty in duties}))
    names = {row.id: row.name for row in connection.execute(holders)}
    return TeamDuties(wanted, today, duties, total, names)


def _narrowed(wanted: DutyFilter, today: date, law: Law) -> ColumnElement[bool]:
    condition: Any = DUES.c.due_on.is_not(None)
    if wanted.when is not None:
        condition &= DUES.c.due_on.between(*due_between(wanted.when, today, law.calendar))
    if wanted.between is not None:
        condition &= DUES.c.due_on.between(*wanted.between)
    if wanted.age is not None:
        condition &= DUES.c.due_on.between(*overdue_between(wanted.age, today, law.calendar))
    if wanted.owed_by == OTHERS:
        condition &= DUES.c.owed_by != OWN_AGENCY
    elif wanted.owed_by:
        condition &= DUES.c.owed_by == wanted.owed_by
    if wanted.officer_id:
        condition &= DUES.c.holder_id == wanted.officer_id
    if wanted.right is not None:
        condition &= DUES.c.right_number == wanted.right
    if wanted.agreed:
        condition &= DUES.c.rule.in_(law.code.agreed_intervals)
    return condition

"""By case officer: victims whom nobody reaches, who did not hear as often as agreed, or who heard nothing for long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Select, bindparam, case, func, literal, select, union_all

from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.watches import Watch
from victimcare.queries.keeping_in_touch import NOT_REACHED
from victimcare.queries.scope import DUTIES_OF_TEAM, OF_TEAM, as_of_team
from victimcare.queries.watches import begun_by, late_since
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES
from victimcare.store.staff import PEOPLE
from victimcare.store.watching import SOURCES


@dataclass(frozen=True, slots=True)
class OutOfTouch:
    """So many of one officer, each as long as the list behind it. A case can be in all three.

    `unreached`: open cases in which several attempts in a row reached nobody. `agreed`: contacts that are overdue by
    what was agreed with the victim. `silent`: open cases in which nothing reached them for longer than allowed.
    """

    officer_id: str
    name: str
    unreached: int
    agreed: int
    silent: int


def out_of_touch(
    connection: Connection,
    *,
    person: Person,
    today: date,
    law: Law,
    ladder: Ladder,
    policy: ForcePolicy,
) -> tuple[OutOfTouch, ...]:
    """The officers of whose cases in the supervisor's team there are any on `today` (London date), most first."""
    agreed = {"today": today, "agreed": sorted(law.code.agreed_intervals)}
    silent = late_since((Watch.SILENCE,), today=today, calendar=law.calendar, ladder=ladder)
    asked = {**as_of_team(person), "after": policy.attempts, **agreed, **silent}
    return tuple(OutOfTouch(*row) for row in connection.execute(_BY_OFFICER, asked))


def _counted(what: str, holder: ColumnElement[str], *which: ColumnElement[bool]) -> Select[Any]:
    """How many of each officer these conditions hold for."""
    columns: tuple[ColumnElement[Any], ...] = (holder.label("officer_id"), literal(what).label("what"))
    return select(*columns, func.count().label("found")).where(*which).group_by(holder)


def _by_officer() -> Select[Any]:
    silence, open_cases = SOURCES[Watch.SILENCE], OF_TEAM & (CASES.c.status == "open")
    is_agreed = DUES.c.rule.in_(bindparam("agreed", expanding=True))
    overdue = DUES.c.due_on < bindparam("today", type_=Date)
    each = union_all(
        _counted("unreached", CASES.c.officer_id, open_cases, NOT_REACHED),
        _counted("agreed", DUES.c.holder_id, DUTIES_OF_TEAM, is_agreed, overdue),
        _counted("silent", CASES.c.officer_id, open_cases, silence.holds, begun_by(Watch.SILENCE)),
    ).subquery()
    kinds = ("unreached", "agreed", "silent")
    found = (func.sum(case((each.c.what == kind, each.c.found), else_=0)) for kind in kinds)
    columns: tuple[ColumnElement[Any], ...] = (PEOPLE.c.id, PEOPLE.c.name, *found)
    return (
        select(*columns)
        .select_from(each.join(PEOPLE, PEOPLE.c.id == each.c.officer_id))
        .group_by(PEOPLE.c.id, PEOPLE.c.name)
        .order_by(func.sum(each.c.found).desc(), PEOPLE.c.name)
    )


# Made once, as those of the worklist.
_BY_OFFICER = _by_officer()

"""What waits for a supervisor's word since the bank holidays changed: late by one list, and in time by the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Date, Select, bindparam, case, func, or_, select, text

from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.queries.scope import OF_TEAM, as_of_team
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.dues import DUES
from victimcare.store.tables import UNDECIDED


@dataclass(frozen=True, slots=True)
class UndecidedVerdict:
    """A duty of a case (London dates): the day by which it was judged, and the day by the bank holidays in force."""

    case_id: int
    ref: str
    victim_name: str | None
    duty_key: str
    title: str
    due_on: date
    otherwise_on: date
    ended_on: date | None

    @property
    def was_late(self) -> bool:
        """Whether it counts as late; else it would be late by the other day."""
        return self.due_on < self.otherwise_on


@dataclass(frozen=True, slots=True)
class UndecidedVerdicts:
    """The first of them, and how many there are in all."""

    rows: tuple[UndecidedVerdict, ...]
    total: int

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that is listed."""
        return tuple(row.case_id for row in self.rows)


def undecided_verdicts(
    connection: Connection, *, person: Person, today: date, law: Law, limit: int = 20
) -> UndecidedVerdicts:
    """The verdicts of the person's team on which they may decide and nobody has, the duty due first at the top."""
    asked = {**as_of_team(person, Action.DECIDE_GOOD_REASON), "today": today, "limit": limit}
    found = connection.execute(_UNDECIDED, asked).all()
    return UndecidedVerdicts(tuple(_verdict(row, law) for row in found), found[0].total if found else 0)


def _undecided() -> Select[Any]:
    joined = DUES.join(CASES, CASES.c.id == DUES.c.case_id).join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
    today = bindparam("today", type_=Date)
    # As `Entitlement.waits_for_verdict_on` says it, of the row.
    until = case((or_(DUES.c.ended_on.is_(None), DUES.c.ended_on > today), today), else_=DUES.c.ended_on)
    differs = (DUES.c.due_on < until) != (DUES.c.otherwise_on < until)
    return (
        select(DUES, CASES.c.ref, VICTIMS.c.name.label("victim_name"), func.count().over().label("total"))
        .select_from(joined)
        .where(text(UNDECIDED), DUES.c.holder_team_id == bindparam("team_id"), differs, OF_TEAM)
        .order_by(DUES.c.due_on, CASES.c.ref, DUES.c.rule, DUES.c.start_key)
        .limit(bindparam("limit"))
    )


_UNDECIDED = _undecided()  # made once, as those of the worklist


def _verdict(row: Any, law: Law) -> UndecidedVerdict:
    return UndecidedVerdict(
        case_id=row.case_id,
        ref=row.ref,
        victim_name=row.victim_name,
        duty_key=f"{row.rule}:{row.start_key}",
        title=law.code.edition(row.edition).rule(row.rule).marked_title,
        due_on=row.due_on,
        otherwise_on=row.otherwise_on,
        ended_on=row.ended_on,
    )

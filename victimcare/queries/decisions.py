"""What waits for a supervisor's decision: good reasons asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, text

from victimcare.domain.code import VictimsCode
from victimcare.domain.duty_ends import reason_in_words
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.queries.scope import OF_TEAM, as_of_team
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.dues import DUES
from victimcare.store.journeys import EVENTS, event_of
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import ASKED


@dataclass(frozen=True, slots=True)
class Decision:
    """A good reason to decide on: for which duty of which case, who asked on which day (London date), and why."""

    case_id: int
    ref: str
    victim_name: str | None
    duty_key: str
    title: str
    due_on: date | None
    asked_by: str
    asked_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """The first of them, and how many there are in all."""

    rows: tuple[Decision, ...] = ()
    total: int = 0

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that is listed."""
        return tuple(row.case_id for row in self.rows)


def decisions(connection: Connection, *, person: Person, law: Law, limit: int = 20) -> Decisions:
    """The good reasons of the person's team on which they may decide and nobody has, the duty due first at the top."""
    asked = {**as_of_team(person, Action.DECIDE_GOOD_REASON), "limit": limit}
    found = connection.execute(_ASKED, asked).all()
    return Decisions(tuple(_decision(row, law.code) for row in found), found[0].total if found else 0)


def _asked() -> Select[Any]:
    waiting = (
        DUES.join(CASES, CASES.c.id == DUES.c.case_id)
        .join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
        .join(EVENTS, EVENTS.c.key == DUES.c.asked)
        .join(PEOPLE, PEOPLE.c.id == EVENTS.c.recorded_by)
    )
    columns = (
        DUES.c.rule,
        DUES.c.start_key,
        DUES.c.edition,
        DUES.c.due_on,
        CASES.c.ref,
        VICTIMS.c.name.label("victim_name"),
        PEOPLE.c.name.label("asked_by"),
        func.count().over().label("total"),
    )
    return (
        select(EVENTS, *columns)
        .select_from(waiting)
        .where(text(ASKED), DUES.c.holder_team_id == bindparam("team_id"), OF_TEAM)
        .order_by(DUES.c.due_on, CASES.c.ref, DUES.c.rule, DUES.c.start_key)
        .limit(bindparam("limit"))
    )


_ASKED = _asked()  # made once, as those of the worklist


def _decision(row: Any, code: VictimsCode) -> Decision:
    request = event_of(row)
    return Decision(
        case_id=row.case_id,
        ref=row.ref,
        victim_name=row.victim_name,
        duty_key=f"{row.rule}:{row.start_key}",
        title=code.edition(row.edition).rule(row.rule).marked_title,
        due_on=row.due_on,
        asked_by=row.asked_by,
        asked_on=request.happened.on,
        reason=reason_in_words(request.kind, request.details),
    )

"""Cases that were handed over: from whom, since when, and whether the new officer has taken them over."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, text

from victimcare.domain.calendar import WorkingCalendar, london_date
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.people import Action, Person
from victimcare.queries.first_of import FirstOf, total_of
from victimcare.queries.scope import as_of_team, case_row, holders_of, open_to_viewer
from victimcare.store.cases import ASSIGNMENTS, CASES, VICTIMS, WHY_HANDED_OVER
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import NOT_TAKEN_OVER
from victimcare.store.vault import Vault
from victimcare.store.words_reader import words_for

_FROM, _TO = PEOPLE.alias("from_officer"), PEOPLE.alias("to_officer")


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A case with its officer of now. `tell_by_on` (London date) is by the force's policy.

    `why` is what whoever handed it over said: on the page of the case, and in no list.
    """

    case_id: int
    ref: str
    victim_name: str | None
    officer_id: str
    officer_name: str
    from_name: str
    since_at: datetime
    acknowledged: bool
    victim_told: bool
    tell_by_on: date
    why: str = field(default="", repr=False)


def handed_over(
    connection: Connection, *, person: Person, calendar: WorkingCalendar, policy: ForcePolicy
) -> tuple[TakenOver, ...]:
    """The cases handed over to the person that they have not acknowledged, or whose victim is not told yet."""
    mine = person.id if holders_of(person) else None
    return _listed(connection, _TO_ME, {"officer_id": mine, "viewer": person.id}, calendar, policy)


def not_taken_over(
    connection: Connection, *, person: Person, calendar: WorkingCalendar, policy: ForcePolicy, limit: int = 50
) -> FirstOf[TakenOver]:
    """The same of every officer of the person's team, the oldest first."""
    rows = connection.execute(_IN_TEAM, {**as_of_team(person), "limit": limit}).all()
    return FirstOf(tuple(_taken_over(row, calendar, policy) for row in rows), total_of(rows))


def hand_over_of(
    connection: Connection, *, person: Person, ref: str, calendar: WorkingCalendar, policy: ForcePolicy, vault: Vault
) -> TakenOver | None:
    """How this case came to its officer; None where they have had it from the first.

    Raises `NoSuchCase`, `DoesNotOpen`.
    """
    case = case_row(connection, person, ref, Action.SEE_FILE)
    found = next(iter(_listed(connection, _OF_CASE, {"case_id": case.id, "viewer": person.id}, calendar, policy)), None)
    if found is None:
        return None
    now = (ASSIGNMENTS.c.case_id == case.id) & ASSIGNMENTS.c.until_at.is_(None)
    row = connection.execute(select(ASSIGNMENTS.c.id, WHY_HANDED_OVER).where(now)).one()
    words = words_for(connection, case.id, person, vault)
    return replace(found, why=words.read(WHY_HANDED_OVER, row.id, row.sealed_why))


def _listed(
    connection: Connection,
    statement: Select[Any],
    asked: dict[str, Any],
    calendar: WorkingCalendar,
    policy: ForcePolicy,
) -> tuple[TakenOver, ...]:
    return tuple(_taken_over(row, calendar, policy) for row in connection.execute(statement, asked))


def _assigned(condition: ColumnElement[bool]) -> Select[Any]:
    joined = (
        ASSIGNMENTS.join(CASES, CASES.c.id == ASSIGNMENTS.c.case_id)
        .join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
        .join(_FROM, _FROM.c.id == ASSIGNMENTS.c.from_officer_id)
        .join(_TO, _TO.c.id == ASSIGNMENTS.c.officer_id)
    )
    columns = (
        ASSIGNMENTS,
        CASES.c.ref,
        VICTIMS.c.name,
        _FROM.c.name.label("from_name"),
        _TO.c.name.label("to_name"),
    )
    wanted = select(*columns).select_from(joined).where(condition, open_to_viewer(CASES.c.id), CASES.c.status == "open")
    return wanted.order_by(ASSIGNMENTS.c.from_at, CASES.c.ref)


# Made once, as those of the worklist.
_TO_ME = _assigned(text(NOT_TAKEN_OVER) & (ASSIGNMENTS.c.officer_id == bindparam("officer_id")))
_IN_TEAM = (
    _assigned(text(NOT_TAKEN_OVER) & (ASSIGNMENTS.c.team_id == bindparam("team_id")))
    .add_columns(func.count().over().label("total"))
    .limit(bindparam("limit"))
)
_OF_CASE = _assigned(ASSIGNMENTS.c.until_at.is_(None) & (CASES.c.id == bindparam("case_id")))


def _taken_over(row: Any, calendar: WorkingCalendar, policy: ForcePolicy) -> TakenOver:
    since_on = london_date(row.from_at)
    return TakenOver(
        case_id=row.case_id,
        ref=row.ref,
        victim_name=row.name,
        officer_id=row.officer_id,
        officer_name=row.to_name,
        from_name=row.from_name,
        since_at=row.from_at,
        acknowledged=row.acknowledged_at is not None,
        victim_told=row.victim_told_at is not None,
        tell_by_on=calendar.add_working_days(since_on, policy.tell_of_officer_within),
    )

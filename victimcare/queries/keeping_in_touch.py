"""Promises to victims that come due, and victims whom nobody reaches: beside the duties of the Code, not among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, false, func, select, text

from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person, Scope, scope_of
from victimcare.queries.scope import held_by
from victimcare.queries.worklist import SOON
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import TRIED


@dataclass(frozen=True, slots=True)
class PromisedContact:
    """That this victim was promised to hear by the end of `on` (London date)."""

    case_id: int
    ref: str
    victim_name: str | None
    on: date


@dataclass(frozen=True, slots=True)
class Unreached:
    """A victim whom so many attempts in a row did not reach; `last_contact_on` is None where nobody ever did."""

    case_id: int
    ref: str
    victim_name: str | None
    attempts: int
    last_contact_on: date | None
    officer_name: str


@dataclass(frozen=True, slots=True)
class UnreachedList:
    """Whom nobody reaches: the first of them, and how many there are in all. `after`: from so many attempts on."""

    rows: tuple[Unreached, ...]
    total: int
    after: int

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that is listed."""
        return tuple(row.case_id for row in self.rows)


@dataclass(frozen=True, slots=True)
class Promises:
    """The promises of an officer's open cases that are due, in the lists of a day; the oldest first."""

    overdue: tuple[PromisedContact, ...]
    due_today: tuple[PromisedContact, ...]
    due_soon: tuple[PromisedContact, ...]

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that is listed."""
        return tuple(row.case_id for row in (*self.overdue, *self.due_today, *self.due_soon))


def promises(connection: Connection, *, person: Person, today: date, law: Law, limit: int = 50) -> Promises:
    """What was promised in the open cases that the person holds or covers: the oldest `limit`.

    Until five working days after `today` (London date).
    """
    until = law.calendar.add_working_days(today, SOON)
    due = _held(person) & (CASES.c.status == "open") & (CASES.c.promised_contact_on <= until)
    statement = (
        select(CASES.c.id, CASES.c.ref, VICTIMS.c.name, CASES.c.promised_contact_on)
        .join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
        .where(due)
        .order_by(CASES.c.promised_contact_on, CASES.c.ref)
        .limit(limit)
    )
    rows = [PromisedContact(*row) for row in connection.execute(statement)]
    return Promises(
        tuple(row for row in rows if row.on < today),
        tuple(row for row in rows if row.on == today),
        tuple(row for row in rows if row.on > today),
    )


def unreached_by(connection: Connection, *, person: Person, after: int, limit: int = 20) -> UnreachedList:
    """The victims of the open cases that the person holds or covers whom `after` attempts in a row did not reach."""
    return _unreached(connection, _held(person), after, limit)


def unreached_in_team(connection: Connection, *, person: Person, after: int, limit: int = 50) -> UnreachedList:
    """The same of the supervisor's team."""
    team_id = person.team_id if scope_of(person, Action.SEE_TEAM) is Scope.TEAM else None
    return _unreached(connection, CASES.c.team_id == team_id, after, limit)


def _unreached(connection: Connection, whose: ColumnElement[bool], after: int, limit: int) -> UnreachedList:
    columns = (CASES.c.id, CASES.c.ref, VICTIMS.c.name, CASES.c.attempts, CASES.c.last_contact_on, PEOPLE.c.name)
    condition = whose & text(TRIED) & (CASES.c.status == "open") & (CASES.c.attempts >= after)
    listed = _with_names(select(*columns)).where(condition).order_by(CASES.c.attempts.desc(), CASES.c.ref)
    rows = [Unreached(*row) for row in connection.execute(listed.limit(limit))]
    total = len(rows)
    if total == limit:
        total = connection.execute(select(func.count()).select_from(CASES).where(condition)).scalar_one()
    return UnreachedList(tuple(rows), total, after)


def _held(person: Person) -> ColumnElement[bool]:
    return held_by(person) if scope_of(person, Action.SEE_OWN_WORK) is Scope.OWN else false()


def _with_names(statement: Select[Any]) -> Select[Any]:
    joined = CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id).join(PEOPLE, PEOPLE.c.id == CASES.c.officer_id)
    return statement.select_from(joined)

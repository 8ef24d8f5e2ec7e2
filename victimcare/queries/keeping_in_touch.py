"""Promises to victims that come due, and victims whom nobody reaches: beside the duties of the Code, not among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Select, and_, bindparam, func, select, text

from victimcare.domain.lateness import SOON
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.queries.scope import HELD_BY_THEM, OF_TEAM, OF_TEAM_OF_OFFICER, as_holder, as_of_team
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
    asked = {**as_holder(person), "until": until, "limit": limit}
    rows = [PromisedContact(*row) for row in connection.execute(_PROMISED, asked)]
    return Promises(
        tuple(row for row in rows if row.on < today),
        tuple(row for row in rows if row.on == today),
        tuple(row for row in rows if row.on > today),
    )


def unreached_by(connection: Connection, *, person: Person, after: int, limit: int = 20) -> UnreachedList:
    """The victims of the open cases that the person holds or covers whom `after` attempts in a row did not reach."""
    return _unreached(connection, _UNREACHED_BY, {**as_holder(person), "after": after, "limit": limit})


def unreached_in_team(
    connection: Connection, *, person: Person, after: int, limit: int = 50, officer_id: str = ""
) -> UnreachedList:
    """The same of the supervisor's team, or of one officer's cases in it."""
    asked = {**as_of_team(person), "after": after, "limit": limit, "officer_id": officer_id}
    return _unreached(connection, _UNREACHED_OF_OFFICER if officer_id else _UNREACHED_IN_TEAM, asked)


def _unreached(connection: Connection, statement: Select[Any], asked: dict[str, Any]) -> UnreachedList:
    rows = connection.execute(statement, asked).all()
    total = rows[0].total if rows else 0
    return UnreachedList(tuple(Unreached(*row[:-1]) for row in rows), total, asked["after"])


def _promised() -> Select[Any]:
    return (
        select(CASES.c.id, CASES.c.ref, VICTIMS.c.name, CASES.c.promised_contact_on)
        .join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
        .where(HELD_BY_THEM, CASES.c.status == "open", CASES.c.promised_contact_on <= bindparam("until", type_=Date))
        .order_by(CASES.c.promised_contact_on, CASES.c.ref)
        .limit(bindparam("limit"))
    )


def _not_reached(whose: ColumnElement[bool]) -> Select[Any]:
    columns = (CASES.c.id, CASES.c.ref, VICTIMS.c.name, CASES.c.attempts, CASES.c.last_contact_on, PEOPLE.c.name)
    joined = CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id).join(PEOPLE, PEOPLE.c.id == CASES.c.officer_id)
    return (
        select(*columns, func.count().over().label("total"))
        .select_from(joined)
        .where(whose, NOT_REACHED, CASES.c.status == "open")
        .order_by(CASES.c.attempts.desc(), CASES.c.ref)
        .limit(bindparam("limit"))
    )


NOT_REACHED: ColumnElement[bool] = and_(text(TRIED), CASES.c.attempts >= bindparam("after"))
"""A condition on `victim_case`: so many attempts in a row ("after") reached nobody."""
# Made once, as those of the worklist.
_PROMISED = _promised()
_UNREACHED_BY = _not_reached(HELD_BY_THEM)
_UNREACHED_IN_TEAM = _not_reached(OF_TEAM)
_UNREACHED_OF_OFFICER = _not_reached(OF_TEAM_OF_OFFICER)

"""Messages that victims left for their case officer: of the day, of a case, and those without a case yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Select, bindparam, func, select, text

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.left_messages import WANTS
from victimcare.domain.people import Action, Person
from victimcare.queries.scope import HELD_BY_THEM, OF_TEAM, as_holder, as_of_team, case_row, team_of
from victimcare.store import protections
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.left_messages import MESSAGES, Said, said
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import UNANSWERED, UNPLACED
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A message to answer, without its words. `working_days_late` is 0 until the promised day has passed."""

    id: str
    case_id: int
    ref: str
    victim_name: str | None
    officer_id: str
    wants: str
    taken_at: datetime
    reply_by_on: date
    working_days_late: int


@dataclass(frozen=True, slots=True)
class WaitingMessages:
    """The messages to answer, the first promised at the top, and how many there are in all."""

    rows: tuple[WaitingMessage, ...]
    total: int

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that is listed."""
        return tuple({row.case_id for row in self.rows})


@dataclass(frozen=True, slots=True)
class LeftMessageView:
    """One message whole. `said` is None where it tells a location that is protected from whoever asks."""

    id: str
    wants: str
    said: Said | None = field(repr=False)
    contains_location: bool
    safe_to_ring: bool
    taken_by: str
    taken_at: datetime
    reply_by_on: date
    working_days_late: int
    done_at: datetime | None
    done_by: str | None


def messages_waiting(
    connection: Connection, *, person: Person, today: date, calendar: WorkingCalendar, limit: int = 20
) -> WaitingMessages:
    """The messages to answer in the cases that the person holds or covers, on `today` (London date)."""
    rows = connection.execute(_WAITING, {**as_holder(person), "limit": limit}).all()
    return _listed(rows, today, calendar)


def messages_overdue(
    connection: Connection, *, person: Person, today: date, calendar: WorkingCalendar, limit: int = 20
) -> WaitingMessages:
    """The messages that the person's team has not answered by the promised day."""
    rows = connection.execute(_OVERDUE, {**as_of_team(person), "today": today, "limit": limit}).all()
    return _listed(rows, today, calendar)


def messages_left_in(
    connection: Connection, *, person: Person, ref: str, today: date, calendar: WorkingCalendar, vault: Vault
) -> tuple[LeftMessageView, ...]:
    """The messages of this case: those to answer first, then the others, the latest first.

    Raises `NoSuchCase`, `DoesNotOpen`.
    """
    case = case_row(connection, person, ref, Action.SEE_FILE)
    protection = protections.current(connection, case.id)
    withheld = protection is not None and protection.withholds_from(person)
    order = (MESSAGES.c.done_at.is_not(None), MESSAGES.c.taken_at.desc(), MESSAGES.c.id)
    rows = connection.execute(_whole().where(MESSAGES.c.case_id == case.id).order_by(*order))
    return tuple(_view(row, today, calendar, vault, withheld=withheld) for row in rows)


def messages_unplaced(
    connection: Connection, *, person: Person, today: date, calendar: WorkingCalendar, vault: Vault
) -> tuple[LeftMessageView, ...]:
    """The messages that wait with the person's team until a supervisor finds their case. Raises `DoesNotOpen`."""
    of_team = MESSAGES.c.team_id == team_of(person)
    rows = connection.execute(_whole().where(text(UNPLACED), of_team).order_by(MESSAGES.c.taken_at, MESSAGES.c.id))
    return tuple(_view(row, today, calendar, vault, withheld=False) for row in rows)


def _waiting(condition: ColumnElement[bool]) -> Select[Any]:
    joined = MESSAGES.join(CASES, CASES.c.id == MESSAGES.c.case_id).join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
    return (
        select(
            MESSAGES.c.id,
            MESSAGES.c.wants,
            MESSAGES.c.taken_at,
            MESSAGES.c.reply_by_on,
            CASES.c.id.label("case_id"),
            CASES.c.ref,
            CASES.c.officer_id,
            VICTIMS.c.name,
            func.count().over().label("total"),
        )
        .select_from(joined)
        .where(text(UNANSWERED), condition)
        .order_by(MESSAGES.c.reply_by_on, MESSAGES.c.taken_at, MESSAGES.c.id)
        .limit(bindparam("limit"))
    )


# Made once, as those of the worklist.
_WAITING = _waiting(HELD_BY_THEM)
_OVERDUE = _waiting(OF_TEAM & (MESSAGES.c.reply_by_on < bindparam("today", type_=Date)))


def _listed(rows: Sequence[Any], today: date, calendar: WorkingCalendar) -> WaitingMessages:
    listed = tuple(
        WaitingMessage(
            id=row.id,
            case_id=row.case_id,
            ref=row.ref,
            victim_name=row.name,
            officer_id=row.officer_id,
            wants=WANTS[row.wants],
            taken_at=row.taken_at,
            reply_by_on=row.reply_by_on,
            working_days_late=_late(row.reply_by_on, today, calendar),
        )
        for row in rows
    )
    return WaitingMessages(listed, rows[0].total if rows else 0)


_DONE_BY = PEOPLE.alias("done_by_person")


def _whole() -> Select[Any]:
    joined = MESSAGES.join(PEOPLE, PEOPLE.c.id == MESSAGES.c.taken_by).outerjoin(
        _DONE_BY, _DONE_BY.c.id == MESSAGES.c.done_by
    )
    names = (PEOPLE.c.name.label("taken_by_name"), _DONE_BY.c.name.label("done_by_name"))
    return select(MESSAGES, *names).select_from(joined)


def _view(row: Any, today: date, calendar: WorkingCalendar, vault: Vault, *, withheld: bool) -> LeftMessageView:
    return LeftMessageView(
        id=row.id,
        wants=WANTS[row.wants],
        said=None if withheld and row.contains_location else said(row.id, row.sealed, vault),
        contains_location=row.contains_location,
        safe_to_ring=row.safe_to_ring,
        taken_by=row.taken_by_name,
        taken_at=row.taken_at,
        reply_by_on=row.reply_by_on,
        working_days_late=0 if row.done_at else _late(row.reply_by_on, today, calendar),
        done_at=row.done_at,
        done_by=row.done_by_name,
    )


def _late(reply_by_on: date, today: date, calendar: WorkingCalendar) -> int:
    return calendar.working_days_between(reply_by_on, today) if reply_by_on < today else 0

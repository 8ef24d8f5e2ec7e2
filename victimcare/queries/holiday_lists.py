"""The list of bank holidays in force, the one that is proposed, and what was decided before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.explanation import in_words
from victimcare.domain.holiday_list import HolidayList
from victimcare.domain.law import Law
from victimcare.store.holiday_checks import last_check
from victimcare.store.holiday_lists import LISTS, read_list
from victimcare.store.law_moves import count_waiting
from victimcare.store.staff import PEOPLE, SYSTEM


@dataclass(frozen=True, slots=True)
class ProposedList:
    """A list on which nobody has decided; `changes` says in sentences what would be different."""

    number: int
    source: str
    proposed_by: str
    proposed_at: datetime
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecidedList:
    """A list on which somebody decided: `approved` it came into force then. `shipped`: came with the first program."""

    number: int
    approved: bool
    shipped: bool
    decided_by: str
    decided_at: datetime
    known_until: date


@dataclass(frozen=True, slots=True)
class HolidayLists:
    """All of it; `checked_at` is when a published list was last read that could be trusted.

    `cases_waiting`: how many cases still have to follow the list in force.
    """

    in_force: WorkingCalendar
    proposed: ProposedList | None
    decided: tuple[DecidedList, ...]
    checked_at: datetime | None
    cases_waiting: int


def holiday_lists(connection: Connection, *, law: Law, decided: int = 20) -> HolidayLists:
    """The list in force, the proposed one, and the last that were decided on."""
    by = PEOPLE.alias()
    rows = connection.execute(
        select(LISTS, PEOPLE.c.name.label("proposer"), by.c.name.label("decider"))
        .select_from(
            LISTS.join(PEOPLE, PEOPLE.c.id == LISTS.c.proposed_by).outerjoin(by, by.c.id == LISTS.c.decided_by)
        )
        .order_by(LISTS.c.id.desc())
        .limit(decided)
    ).all()
    proposed = next((row for row in rows if row.state == "proposed"), None)
    return HolidayLists(
        in_force=law.calendar,
        proposed=_proposed(connection, proposed, law.calendar) if proposed else None,
        decided=tuple(_decided(row) for row in rows if row.decided_at),
        checked_at=last_check(connection),
        cases_waiting=count_waiting(connection),
    )


def _proposed(connection: Connection, row: Any, calendar: WorkingCalendar) -> ProposedList:
    listed, in_force = read_list(connection, row.id), HolidayList.of(calendar)
    return ProposedList(row.id, row.source, row.proposer, row.proposed_at, changes_in_words(listed, in_force))


def _decided(row: Any) -> DecidedList:
    shipped = row.source == "program" and row.decided_by == SYSTEM.id
    return DecidedList(row.id, row.state == "approved", shipped, row.decider, row.decided_at, row.known_until_on)


def changes_in_words(listed: HolidayList, in_force: HolidayList) -> tuple[str, ...]:
    """What a list would change, a sentence each: days of years that were known first, then what is newly known."""
    became = listed.proclaimed_since(in_force)
    known = [day for day in became if day <= in_force.known_until]
    said = [f"{in_words(day)} becomes a bank holiday: {became[day]}." for day in known]
    gone = listed.withdrawn_since(in_force)
    said += [f"{in_words(day)} is no longer a bank holiday: {name}." for day, name in gone.items()]
    if listed.known_until > in_force.known_until:
        days = len(became) - len(known)
        said.append(
            f"Bank holidays are known until {in_words(listed.known_until)} instead of "
            f"{in_words(in_force.known_until)}: {days} more days."
        )
    return tuple(said)

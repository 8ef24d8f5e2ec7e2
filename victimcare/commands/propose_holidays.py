"""Propose a published list of bank holidays, and refuse one that was proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.holiday_list import BadHolidayList, HolidayList, successor
from victimcare.domain.locations_in_text import told_in
from victimcare.domain.people import Action, Person, may
from victimcare.store import audit, holiday_checks, holiday_lists
from victimcare.store.holiday_lists import NoSuchList
from victimcare.store.staff import SYSTEM, ensure_system

__all__ = [
    "BadHolidayList",
    "ListSource",
    "NoSuchList",
    "Proposed",
    "propose_fetched",
    "propose_holidays",
    "refuse_holidays",
]


class ListSource(StrEnum):
    """Where a list came from."""

    PROGRAM = "program"
    FILE = "file"
    PAGE = "page"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of a list that was given: `number` is None where it changes nothing.

    `anew` is false where the same list was waiting for a decision already.
    """

    number: int | None
    anew: bool = False


def propose_holidays(
    connection: Connection,
    *,
    published: HolidayList,
    source: ListSource,
    by: Person,
    now: datetime,
    calendar: WorkingCalendar,
) -> Proposed:
    """Keep the list for somebody to decide on; nothing moves before that. `calendar` is the one in force.

    Of a list that says what is known already, only the time of the look is kept. Raises `BadHolidayList`, for one that
    cannot be trusted, and `NotTheirHolidays`.
    """
    _check_may(by)
    in_force = HolidayList.of(calendar)
    whole = successor(published, in_force)
    for day, name in whole.proclaimed_since(in_force).items():
        if told_in(name):
            raise BadHolidayList(f"{day}", "its title is not the name of a bank holiday")
    holiday_checks.note_check(connection, now)
    if whole.says_the_same_as(in_force):
        return Proposed(None)
    waiting = holiday_lists.proposed(connection)
    if waiting is not None and whole.says_the_same_as(holiday_lists.read_list(connection, waiting)):
        return Proposed(waiting)
    number = holiday_lists.add_list(connection, whole, source=source.value, by=by.id, at=now, shipped=calendar)
    audit.write(connection, at=now, operation="collection", what=f"propose bank holidays {number}", person=by)
    return Proposed(number, anew=True)


def propose_fetched(
    connection: Connection, *, published: HolidayList, now: datetime, calendar: WorkingCalendar
) -> Proposed:
    """The same of a list that was fetched from its address, as the doing of "system". Raises `BadHolidayList`."""
    ensure_system(connection)
    source = ListSource.ADDRESS
    return propose_holidays(connection, published=published, source=source, by=SYSTEM, now=now, calendar=calendar)


def refuse_holidays(connection: Connection, *, number: int, by: Person, now: datetime) -> None:
    """Say that this proposed list is not to come into force. Raises `NoSuchList`, `NotTheirHolidays`."""
    _check_may(by)
    holiday_lists.decide(connection, number, state="refused", by=by.id, at=now)
    audit.write(connection, at=now, operation="alteration", what=f"refuse bank holidays {number}", person=by)


def _check_may(by: Person) -> None:
    if not may(by, Action.CHECK_CODE):
        raise NotTheirHolidays(by)


class NotTheirHolidays(PermissionError):
    """Somebody whose role does not keep the bank holidays asked to."""

    def __init__(self, person: Person) -> None:
        super().__init__(f"your role ({person.role.value}) does not keep the bank holidays")

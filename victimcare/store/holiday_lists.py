"""The lists of bank holidays in the database, and the calendar that counts by the one in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.holiday_list import HolidayList
from victimcare.store.staff import SYSTEM, ensure_system
from victimcare.store.tables import Holiday, HolidayListRow

LISTS = HolidayListRow.__table__  # type: ignore[attr-defined]
HOLIDAYS = Holiday.__table__  # type: ignore[attr-defined]
NEWEST = select(func.max(LISTS.c.id)).where(LISTS.c.state == "approved").scalar_subquery()
"""The number of the list in force; none while it is the one that came with the program."""


def newest(connection: Connection) -> int:
    """The number of the list in force, 0 while it is the one that came with the program and nothing else is stored."""
    return connection.execute(select(NEWEST)).scalar() or 0


def read_list(connection: Connection, number: int) -> HolidayList:
    """The list of this number. Raises `NoSuchList`."""
    known_until = connection.execute(select(LISTS.c.known_until_on).where(LISTS.c.id == number)).scalar()
    if known_until is None:
        raise NoSuchList(number)
    days = connection.execute(select(HOLIDAYS).where(HOLIDAYS.c.list_id == number))
    return HolidayList({row.on_date: row.name for row in days}, known_until)


def every_list(connection: Connection) -> Iterator[HolidayList]:
    """Each list that was ever proposed, whatever became of it, the newest first."""
    for number in connection.execute(select(LISTS.c.id).order_by(LISTS.c.id.desc())).scalars().all():
        yield read_list(connection, number)


def add_list(
    connection: Connection, listed: HolidayList, *, source: str, by: str, at: datetime, shipped: WorkingCalendar
) -> int:
    """Propose a list, in the place of any that nobody has decided on, and return its number."""
    if connection.execute(select(LISTS.c.id).limit(1)).first() is None:
        add_first(connection, shipped, at)
    connection.execute(update(LISTS).where(LISTS.c.state == "proposed").values(state="replaced"))
    return _add(connection, listed, source=source, state="proposed", proposed_by=by, proposed_at=at)


def add_first(connection: Connection, shipped: WorkingCalendar, at: datetime) -> None:
    """Store the list by which everything was counted so far, the one that came with the program, as in force."""
    ensure_system(connection)
    by_us = {"proposed_by": SYSTEM.id, "proposed_at": at, "decided_by": SYSTEM.id, "decided_at": at}
    _add(connection, HolidayList.of(shipped), source="program", state="approved", **by_us)


def _add(connection: Connection, listed: HolidayList, **values: Any) -> int:
    statement = insert(LISTS).values(known_until_on=listed.known_until, **values).returning(LISTS.c.id)
    number = int(connection.execute(statement).scalar_one())
    days = [{"list_id": number, "on_date": day, "name": name} for day, name in listed.holidays.items()]
    connection.execute(insert(HOLIDAYS), days)
    return number


def proposed(connection: Connection) -> int | None:
    """The number of the newest list on which nobody has decided."""
    return connection.execute(select(func.max(LISTS.c.id)).where(LISTS.c.state == "proposed")).scalar()


def decide(connection: Connection, number: int, *, state: str, by: str, at: datetime) -> None:
    """Say what became of the proposed list. Raises `NoSuchList` for one on which somebody has decided."""
    open_still = (LISTS.c.id == number) & (LISTS.c.state == "proposed")
    changed = connection.execute(update(LISTS).where(open_still).values(state=state, decided_by=by, decided_at=at))
    if changed.rowcount != 1:
        raise NoSuchList(number)


def note_cases(connection: Connection, number: int, cases: int) -> None:
    """Say how many cases an approved list touches."""
    connection.execute(update(LISTS).where(LISTS.c.id == number).values(cases=cases))


def calendar_in_force(connection: Connection, shipped: WorkingCalendar) -> WorkingCalendar:
    """The calendar by the list in force, each knowing the one whose place it took; `shipped` while none is stored."""
    approved = select(LISTS).where(LISTS.c.state == "approved").order_by(LISTS.c.id)
    calendar: WorkingCalendar | None = None
    days: dict[int, dict[date, str]] = {}
    for day in connection.execute(select(HOLIDAYS).join(LISTS).where(LISTS.c.state == "approved")):
        days.setdefault(day.list_id, {})[day.on_date] = day.name
    for row in connection.execute(approved):
        calendar = WorkingCalendar(
            holidays=days[row.id],
            known_until=row.known_until_on,
            version=f"list {row.id}",
            number=row.id,
            earlier=calendar,
            since=row.decided_at if calendar else None,
        )
    return calendar or shipped


def candidate(connection: Connection, number: int, in_force: WorkingCalendar, *, since: datetime) -> WorkingCalendar:
    """The calendar as it would be if the list of this number took the place of the one in force at that instant."""
    listed = read_list(connection, number)
    return WorkingCalendar(
        holidays=listed.holidays,
        known_until=listed.known_until,
        version=f"list {number}",
        number=number,
        earlier=in_force,
        since=since,
    )


class NoSuchList(LookupError):
    """No list of that number is stored, or somebody has decided on it already."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__("there is no such list of bank holidays to decide on")

"""A list of bank holidays that may take the place of the one in force: whether it can be trusted, what it changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from victimcare.domain.calendar import FIRST_DAY, LAST_DAY, WorkingCalendar

FEWEST_IN_A_YEAR = 8
"""Every year has at least these; a list that has fewer was cut short on its way here."""
MOST_IN_A_YEAR = 12
"""The most that a year ever had is 10; a list with more holds something else than bank holidays."""
MOST_WITHDRAWN = 3
"""So many days may be moved or taken back by one list; one that drops more has lost them on its way here."""


class BadHolidayList(ValueError):
    """A list that cannot be trusted; `entry` names the day or year at fault, empty where it is the list itself."""

    def __init__(self, entry: str, problem: str) -> None:
        self.entry = entry
        self.problem = problem
        super().__init__(f"{entry}: {problem}" if entry else problem)


@dataclass(frozen=True, slots=True)
class HolidayList:
    """The bank holidays of England and Wales by their London dates, known until the end of `known_until`."""

    holidays: Mapping[date, str]
    known_until: date

    @classmethod
    def of(cls, calendar: WorkingCalendar) -> HolidayList:
        """The list by which a calendar counts."""
        return cls(calendar.holidays, calendar.known_until)

    def proclaimed_since(self, older: HolidayList) -> dict[date, str]:
        """The days that this list has and the older one has not, with their names."""
        return {day: name for day, name in sorted(self.holidays.items()) if day not in older.holidays}

    def withdrawn_since(self, older: HolidayList) -> dict[date, str]:
        """The days that the older list has and this one has not."""
        return older.proclaimed_since(self)

    def says_the_same_as(self, other: HolidayList) -> bool:
        """Whether no working day, and no mark of a provisional deadline, would differ."""
        return self.holidays.keys() == other.holidays.keys() and self.known_until == other.known_until

    def after(self, older: HolidayList) -> HolidayList:
        """This list with what came before its first year as the older one has it.

        A published list drops past years. Days that both have keep the names that they were known by.
        """
        first = min(self.holidays).year
        before = {day: name for day, name in older.holidays.items() if day.year < first}
        named = {day: older.holidays.get(day, name) for day, name in self.holidays.items()}
        return HolidayList(before | named, self.known_until)


def check_days(listed: HolidayList) -> None:
    """Raise `BadHolidayList` for a day that can be no bank holiday, or a year that has too few or too many."""
    if not listed.holidays:
        raise BadHolidayList("", "the list has no days")
    for day in sorted(listed.holidays):
        if not FIRST_DAY <= day <= LAST_DAY:
            raise BadHolidayList(f"{day}", f"it is not between {FIRST_DAY} and {LAST_DAY}")
        if day.weekday() >= 5:
            raise BadHolidayList(f"{day}", f"it is a {day:%A}: the substitute day must be listed instead")
    in_year = Counter(day.year for day in listed.holidays)
    for year in range(min(in_year), max(in_year) + 1):
        if in_year[year] < FEWEST_IN_A_YEAR:
            raise BadHolidayList(f"{year}", f"it has {in_year[year]} days, and a year has at least {FEWEST_IN_A_YEAR}")
        if in_year[year] > MOST_IN_A_YEAR:
            raise BadHolidayList(f"{year}", f"it has {in_year[year]} days, and a year has at most {MOST_IN_A_YEAR}")


def successor(published: HolidayList, in_force: HolidayList) -> HolidayList:
    """The whole list that would take the place of the one in force. Raises `BadHolidayList` for one that shrank.

    Single days may be taken back or moved; years may not be lost, and many days at once are no decision but an
    accident.
    """
    check_days(published)
    if published.known_until < in_force.known_until:
        raise BadHolidayList(
            f"{published.known_until.year}",
            f"the list ends with this year, and the one in force is known until {in_force.known_until}",
        )
    first = min(published.holidays).year
    if first > in_force.known_until.year + 1:
        raise BadHolidayList(f"{first}", f"the list begins with this year, and nothing is known of {first - 1}")
    whole = published.after(in_force)
    lost = list(whole.withdrawn_since(in_force))
    if len(lost) > MOST_WITHDRAWN:
        raise BadHolidayList(f"{lost[0]}", f"this day and {len(lost) - 1} others are gone from the list")
    return whole

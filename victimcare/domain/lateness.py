"""When a duty falls due as a supervisor counts it, and how long what is overdue has been so."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from victimcare.domain.calendar import FIRST_DAY, WorkingCalendar

SOON = 5
"""Working days after today that are "soon"."""


class When(StrEnum):
    """When an open duty is due, seen from a day: each is due at exactly one of these."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"

    @property
    def in_words(self) -> str:
        """As lists and filters say it."""
        return _WHEN_WORDS[self]


_WHEN_WORDS = {
    When.OVERDUE: "Overdue",
    When.TODAY: "Due today",
    When.SOON: f"Due in {SOON} working days",
    When.LATER: "Due later",
}


@dataclass(frozen=True, slots=True)
class Age:
    """How long something has been overdue: from `least` to `most` working days, without end where `most` is None."""

    least: int
    most: int | None

    @property
    def code(self) -> str:
        """As it stands in an address: "6-10", "61-"."""
        return f"{self.least}-{'' if self.most is None else self.most}"

    @property
    def in_words(self) -> str:
        """As the page says it."""
        if self.most is None:
            return f"More than {self.least - 1} working days"
        return f"{self.least} to {self.most} working days" if self.least else f"Up to {self.most} working days"


AGES = (Age(0, 5), Age(6, 10), Age(11, 20), Age(21, 60), Age(61, None))
"""Every overdue duty has one of these ages. What fell due at the weekend is overdue by 0 working days."""


def age_of_code(code: str) -> Age | None:
    """The age of this code, None where there is none."""
    return next((age for age in AGES if age.code == code), None)


def due_between(when: When, today: date, calendar: WorkingCalendar) -> tuple[date, date]:
    """The first and last London date on which what is due then falls due."""
    until = calendar.add_working_days(today, SOON)
    return {
        When.OVERDUE: (date.min, today - _ONE_DAY),
        When.TODAY: (today, today),
        When.SOON: (today + _ONE_DAY, until),
        When.LATER: (until + _ONE_DAY, date.max),
    }[when]


def overdue_between(age: Age, today: date, calendar: WorkingCalendar) -> tuple[date, date]:
    """The first and last London date on which what has this age today fell due; the first is later where none is."""

    def nearer(ordinal: int) -> int:
        return -calendar.working_days_between(date.fromordinal(ordinal), today)

    days = range(FIRST_DAY.toordinal(), today.toordinal())
    last = days.start + bisect_right(days, -age.least, key=nearer) - 1
    if age.most is None:
        return date.min, date.fromordinal(last)
    return date.fromordinal(days.start + bisect_left(days, -age.most, key=nearer)), date.fromordinal(last)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A working day to come, and the London dates that count as it: what falls due on the days after it until the next
    working day has to be done on it. Of the first, whatever is due after today.
    """

    day: date
    first: date
    last: date


def days_ahead(today: date, count: int, calendar: WorkingCalendar) -> tuple[Ahead, ...]:
    """The next `count` working days after `today`, which share all dates from tomorrow to the end of the last."""
    days = [calendar.add_working_days(today, number) for number in range(1, count + 2)]
    starts = [today + _ONE_DAY, *days[1:]]
    return tuple(
        Ahead(day, start, following - _ONE_DAY) for day, start, following in zip(days, starts, starts[1:], strict=False)
    )


_ONE_DAY = timedelta(days=1)

"""Working days of England and Wales, and the reason for each day that does not count.

Every date here is a Europe/London civil date. The bank holidays are data (editions/bank_holidays.toml);
what a working day is, and how they are counted, is said here only. The day of the start is day 0.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

# The published list of bank holidays begins with 2012. An earlier day is refused: without its
# holidays the count would be wrong and nobody would notice.
FIRST_DAY = date(2012, 1, 1)
LAST_DAY = date(2099, 12, 31)

_WEEKEND = {5: "Saturday", 6: "Sunday"}
_ONE_DAY = timedelta(days=1)


class DayOutsideCalendar(ValueError):
    """A day that the calendar does not reach: `day`, or the one `counted` ("5 working days") after it."""

    def __init__(self, day: date, counted: str = "", *, first: date = FIRST_DAY, last: date = LAST_DAY) -> None:
        self.day = day
        self.counted = counted
        subject = f"The day {counted} after {_in_words(day)}" if counted else _in_words(day)
        reach = f"from {_in_words(first)} to {_in_words(last)}"
        super().__init__(f"{subject} is outside the calendar, which runs {reach}.")


class SkippedDay(NamedTuple):
    """A day that does not count, and why: "Saturday", "Sunday" or the bank holiday's name."""

    day: date
    reason: str


class _Days(NamedTuple):
    """Every day from FIRST_DAY to LAST_DAY, laid out to be looked up."""

    working: tuple[date, ...]
    latest_working: Mapping[date, int]
    skipped: tuple[SkippedDay, ...]
    reasons: Mapping[date, str]


# The same list is read from the database by one command after another, and to lay its days out takes longer than that.
@lru_cache(maxsize=8)
def _days_of(holidays: tuple[tuple[date, str], ...]) -> _Days:
    named = dict(holidays)
    working: list[date] = []
    latest: dict[date, int] = {}
    reasons: dict[date, str] = {}
    day = FIRST_DAY
    while day <= LAST_DAY:
        reason = _WEEKEND.get(day.weekday()) or named.get(day)
        if reason is None:
            working.append(day)
        else:
            reasons[day] = reason
        latest[day] = len(working) - 1
        day += _ONE_DAY
    return _Days(tuple(working), latest, tuple(SkippedDay(day, reason) for day, reason in reasons.items()), reasons)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Monday to Friday less the bank holidays of England and Wales, from FIRST_DAY to LAST_DAY.

    `holidays` names each bank holiday, `known_until` is the last day for which they have been proclaimed, and
    `version` says which list this is. A day that the calendar does not reach raises DayOutsideCalendar.
    `number` is that of the list in the database. At the UTC instant `since` it took the place of the `earlier` one.
    """

    holidays: Mapping[date, str] = field(hash=False)
    known_until: date
    version: str
    number: int = 0
    earlier: WorkingCalendar | None = None
    since: datetime | None = None
    # Days are looked up rather than computed: millions of deadlines are counted in one rebuild.
    _working_days: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _latest_working_day: Mapping[date, int] = field(init=False, repr=False, compare=False)
    _skipped_days: tuple[SkippedDay, ...] = field(init=False, repr=False, compare=False)
    _reasons: Mapping[date, str] = field(init=False, repr=False, compare=False)
    _changed_days: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        holidays = MappingProxyType(dict(sorted(self.holidays.items())))
        for named in (*holidays, self.known_until):
            if not FIRST_DAY <= named <= LAST_DAY:
                raise DayOutsideCalendar(named)
        days = _days_of(tuple(holidays.items()))
        self._set("holidays", holidays)
        self._set("_working_days", days.working)
        self._set("_latest_working_day", days.latest_working)
        self._set("_skipped_days", days.skipped)
        self._set("_reasons", days.reasons)
        self._set(
            "_changed_days", tuple(sorted(holidays.keys() ^ self.earlier.holidays.keys())) if self.earlier else ()
        )

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def is_working_day(self, day: date) -> bool:
        """Whether the day counts."""
        return self.skipped_reason(day) is None

    def skipped_reason(self, day: date) -> str | None:
        """Why the day does not count; None on a working day."""
        self._index(day)
        return self._reasons.get(day)

    def add_working_days(self, start: date, count: int) -> date:
        """The `count`-th working day after `start`, which is day 0 and need not be a working day itself.

        A count of 0 is `start`. A negative count is a ValueError.
        """
        if count > 0:
            try:
                return self._working_days[self._latest_working_day[start] + count]
            except LookupError:
                self._index(start)
                raise DayOutsideCalendar(start, f"{count} working days") from None
        if count < 0:
            raise ValueError(f"Working days are counted forwards: {count} is less than 0.")
        self._index(start)
        return start

    def working_day_from(self, day: date, count: int) -> date:
        """The working day `count` after (before, if negative) the last one on or before `day`: 0 is that one."""
        index = self._index(day) + count
        if not 0 <= index < len(self._working_days):
            raise DayOutsideCalendar(day, f"{count} working days")
        return self._working_days[index]

    def working_days_between(self, start: date, end: date) -> int:
        """The working days after `start` up to and including `end`; negative if `end` is the earlier."""
        return self._index(end) - self._index(start)

    def skipped_days(self, start: date, end: date) -> tuple[SkippedDay, ...]:
        """Each day after `start`, up to and including `end`, that does not count."""
        self._index(start)
        self._index(end)
        first = bisect_right(self._skipped_days, start, key=attrgetter("day"))
        return self._skipped_days[first : bisect_right(self._skipped_days, end, key=attrgetter("day"))]

    def is_provisional(self, day: date) -> bool:
        """Whether a deadline on that day may still move, because its bank holidays are not proclaimed yet."""
        return day > self.known_until

    @property
    def changed_days(self) -> tuple[date, ...]:
        """The days that are a bank holiday by only one of this list and the one whose place it took."""
        return self._changed_days

    def changed_between(self, start: date, end: date) -> tuple[date, ...]:
        """Those after `start`, up to and including `end`: what a count from the one to the other depends on."""
        first = bisect_right(self._changed_days, start)
        return self._changed_days[first : bisect_right(self._changed_days, end)]

    def changes(self, start: date, end: date) -> bool:
        """Whether there are any."""
        first = bisect_right(self._changed_days, start)
        return first < len(self._changed_days) and self._changed_days[first] <= end

    def lists(self) -> tuple[WorkingCalendar, ...]:
        """Every list that was ever in force, the oldest first, this one last."""
        return (*self.earlier.lists(), self) if self.earlier else (self,)

    def _index(self, day: date) -> int:
        """The place among the working days of the last one on or before `day`."""
        try:
            return self._latest_working_day[day]
        except KeyError:
            if isinstance(day, datetime):
                raise TypeError(f"{day.isoformat()} is an instant: take its london_date() first.") from None
            raise DayOutsideCalendar(day) from None


def add_calendar_days(start: date, count: int) -> date:
    """The day `count` days after `start` (before it, if negative), whatever day of the week it is."""
    try:
        return start + timedelta(days=count)
    except OverflowError:
        raise DayOutsideCalendar(start, f"{count} days", first=date.min, last=date.max) from None


def add_calendar_months(start: date, count: int) -> date:
    """The same day of the month `count` months after `start`, or the last day of a month that is shorter."""
    years, month = divmod(start.month - 1 + count, 12)
    year = start.year + years
    if not MINYEAR <= year <= MAXYEAR:
        raise DayOutsideCalendar(start, f"{count} months", first=date.min, last=date.max)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=1024)
def london_date(instant: datetime) -> date:
    """The civil date in London at that instant: 23:30 UTC in July is already the next day.

    A time without an offset is a ValueError, because it names no instant.
    """
    if instant.utcoffset() is None:
        raise ValueError(f"{instant.isoformat()} has no time zone, so the day it falls on is not known.")
    try:
        return instant.astimezone(LONDON).date()
    except OverflowError:
        raise ValueError(f"{instant.isoformat()} has no date in London.") from None


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"

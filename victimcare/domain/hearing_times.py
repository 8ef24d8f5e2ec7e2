"""When a victim may hear: at times that are safe for them, and at those that they chose. The hours are policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from victimcare.domain.calendar import LONDON, london_date

TIMES: Mapping[str, str] = {
    "morning": "Weekday mornings",
    "afternoon": "Weekday afternoons",
    "evening": "Weekday evenings",
    "weekend": "Weekends",
}
ANY_TIME = "any"
SAFE_AT: Mapping[str, str] = {ANY_TIME: "Any time", **TIMES}

Hours = Mapping[str, tuple[time, time]]
"""From and until which time of day in London each of `TIMES` is; `until` is no longer part of it."""

_WEEKEND = "weekend"
_SATURDAY = 5
_LONGEST_SEARCH = 15
"""Days: each of `TIMES` comes within a week, unless the clocks skip its hour."""


def next_allowed(now: datetime, *, safe: frozenset[str], chosen: frozenset[str], hours: Hours) -> datetime:
    """The first instant from `now` on (UTC) at which something may go that the victim is to hear.

    No codes: any time. Where what they chose is never safe, what is safe counts.
    """
    safe = frozenset() if ANY_TIME in safe else safe
    allowed = (safe & chosen or safe) if safe and chosen else safe | chosen
    if not allowed:
        return now
    today = london_date(now)
    begins = (
        max(start, now)
        for ahead in range(_LONGEST_SEARCH)
        for start, end in _windows(today + timedelta(days=ahead), allowed, hours)
        if end > now
    )
    return next(begins)


def _windows(day: date, allowed: frozenset[str], hours: Hours) -> list[tuple[datetime, datetime]]:
    """The stretches of this London date that are allowed, as UTC instants."""
    is_weekend = day.weekday() >= _SATURDAY
    codes = [code for code in allowed if (code == _WEEKEND) == is_weekend]
    at = (tuple(datetime.combine(day, end, LONDON).astimezone(UTC) for end in hours[code]) for code in codes)
    return sorted((start, end) for start, end in at)

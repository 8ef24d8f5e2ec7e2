"""Dates and times as people type them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from victimcare.domain.calendar import LONDON

PARTS = ("day", "month", "year")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.]?(?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?", re.IGNORECASE)


class _ThreeParts:
    """Marks a field that a page shows as day, month and year."""


def parse_date(value: Any) -> Any:
    """A date from its three parts as typed: "22", "5" or "May", "2026" or "26". Raises ValueError in words."""
    if not isinstance(value, tuple):
        return value
    missing = [name for name, part in zip(PARTS, value, strict=True) if not part]
    if missing:
        raise ValueError(f"must include a {' and '.join(missing)}")
    try:
        return date(_year(value[2]), _month(value[1]), _number(value[0]))
    except ValueError:
        raise ValueError("must be a real date") from None


def parse_time(value: Any) -> Any:
    """A time of day as typed: "9:32am", "09.32", "0932", "2pm", "midday". Raises ValueError in words."""
    if not isinstance(value, str):
        return value
    words = value.strip().lower()
    if words in {"midday", "noon", "midnight"}:
        return time(0 if words == "midnight" else 12)
    found = _TIME.fullmatch(words)
    try:
        if found is None:
            raise ValueError
        return time(_hour(int(found["hour"]), (found["half"] or "").replace(".", "")), int(found["minute"] or 0))
    except ValueError:
        raise ValueError("must be a time, like 9:32am or 14:30") from None


DateTyped = Annotated[date, BeforeValidator(parse_date), _ThreeParts()]
"""A date entered as day, month and year (`fields.date`)."""

TimeTyped = Annotated[time, BeforeValidator(parse_time)]
"""A time of day in London (`fields.text`)."""


def london_instant(day: date, at: time) -> datetime:
    """The UTC instant of a time of day in London. Raises ValueError, in words, for one that the clocks skipped."""
    local = datetime.combine(day, at, LONDON)
    instant = local.astimezone(UTC)
    if instant.astimezone(LONDON).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError("must be a time that existed: the clocks went forward that night")
    return instant


def is_date(info: FieldInfo) -> bool:
    """Whether the field is entered as day, month and year."""
    return any(isinstance(mark, _ThreeParts) for mark in info.metadata) or any(
        isinstance(mark, _ThreeParts)
        for arg in getattr(info.annotation, "__args__", ())
        for mark in getattr(arg, "__metadata__", ())
    )


def parts_of(name: str) -> Sequence[str]:
    """The names of the three inputs of a date field."""
    return [f"{name}-{part}" for part in PARTS]


def typed_parts(name: str, day: date) -> dict[str, str]:
    """A date as `blank` takes it, to show a form already filled in."""
    return dict(zip(parts_of(name), (str(day.day), str(day.month), str(day.year)), strict=True))


def _number(text: str) -> int:
    text = re.sub(r"(?<=\d)(st|nd|rd|th)$", "", text.lower())
    if not (text.isascii() and text.isdigit()) or len(text) > 4:
        raise ValueError
    return int(text)


def _year(text: str) -> int:
    year = _number(text)
    if len(text) == 2:
        return 2000 + year
    if year < 1900:
        raise ValueError
    return year


def _month(text: str) -> int:
    word = text.lower().rstrip(".")
    if word in _FULL_MONTHS:
        return _FULL_MONTHS.index(word) + 1
    if word in (*_MONTHS, "sept"):
        return _MONTHS.index(word[:3]) + 1
    return _number(text)


def _hour(hour: int, half: str) -> int:
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError
    return hour % 12 + (12 if half == "pm" else 0)

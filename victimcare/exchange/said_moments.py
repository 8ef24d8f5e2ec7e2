"""When something happened or was received, as systems and files say it: a London date, or an instant with an offset."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from victimcare.domain.journey import Moment

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_Read = TypeVar("_Read", date, datetime)
_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"


def moment_said(said: Any) -> Moment:
    """The moment of `2026-05-22`, or of `2026-05-22T09:30:00Z`. Raises `ValueError` in words."""
    if isinstance(said, str) and _DATE.fullmatch(said):
        return Moment.day(_exists(date.fromisoformat, said))
    if isinstance(said, str) and _INSTANT.fullmatch(said):
        return Moment.instant(_exists(_in_utc, said))
    raise ValueError("must be a date such as 2026-05-22, or an instant such as 2026-05-22T09:30:00Z")


def as_said(moment: Moment) -> str:
    """The same moment as it is said: to the instant where it is known that exactly."""
    return moment.at.isoformat().replace("+00:00", "Z") if moment.at else moment.on.isoformat()


def day_said(said: Any) -> date:
    """The date of `2026-05-22`. Raises `ValueError` in words."""
    if isinstance(said, str) and _DATE.fullmatch(said):
        return _exists(date.fromisoformat, said)
    raise ValueError("must be a date such as 2026-05-22")


def _in_utc(said: str) -> datetime:
    return datetime.fromisoformat(said).astimezone(UTC)


def _exists(read: Callable[[str], _Read], said: str) -> _Read:
    try:
        return read(said)
    except (ValueError, OverflowError):
        raise ValueError("must be a day, and a time of day, that exists") from None


MomentSaid = Annotated[
    Moment,
    PlainValidator(moment_said),
    PlainSerializer(as_said, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": _PATTERN,
            "anyOf": [{"format": "date"}, {"format": "date-time"}],
            "examples": ["2026-05-22T09:30:00Z", "2026-05-22"],
        }
    ),
]
DaySaid = Annotated[
    date,
    PlainValidator(day_said),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-06-12"]}),
]

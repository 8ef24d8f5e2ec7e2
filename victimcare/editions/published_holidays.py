"""The bank holidays as GOV.UK publishes them: bank-holidays.json, of which only England and Wales is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from victimcare.domain.calendar import LAST_DAY
from victimcare.domain.holiday_list import BadHolidayList, HolidayList, check_days

LARGEST = 500_000
"""Bytes; what is published has some 40,000."""
_DIVISION = "england-and-wales"
_LONGEST_NAME = 100


def read_published(document: bytes) -> HolidayList:
    """The list that the document holds: known until the end of its last year. Raises `BadHolidayList`."""
    if len(document) > LARGEST:
        raise BadHolidayList("", f"it is larger than {LARGEST:,} bytes, so it is not the published list")
    try:
        content = json.loads(document.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadHolidayList("", "it is not JSON, as the published list is") from None
    division = content.get(_DIVISION) if isinstance(content, dict) else None
    events = division.get("events") if isinstance(division, dict) else None
    if not isinstance(events, list):
        raise BadHolidayList("", f"it has no days of {_DIVISION}")
    holidays: dict[date, str] = {}
    for number, event in enumerate(events, start=1):
        day, name = _holiday(number, event)
        if day in holidays:
            raise BadHolidayList(f"{day}", "it is listed twice")
        holidays[day] = name
    last = max(holidays, default=LAST_DAY)
    listed = HolidayList(holidays, last.replace(month=12, day=31))
    check_days(listed)
    return listed


def _holiday(number: int, event: object) -> tuple[date, str]:
    entry = f"entry {number}"
    if not isinstance(event, dict):
        raise BadHolidayList(entry, "it is no entry with a date and a title")
    day = _day(entry, event.get("date"))
    return day, _name(day, event)


def _day(entry: str, value: Any) -> date:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadHolidayList(entry, "its date is not a day that exists, written like 2028-12-25") from None
    if value != day.isoformat():
        raise BadHolidayList(entry, f"its date must be written as {day}")
    return day


def _name(day: date, event: Mapping[str, Any]) -> str:
    title, notes = event.get("title"), event.get("notes") or ""
    if not isinstance(title, str) or not title.strip() or not isinstance(notes, str):
        raise BadHolidayList(f"{day}", "the day has no title")
    name = f"{title.strip()} ({notes.strip().lower()})" if notes.strip() else title.strip()
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadHolidayList(f"{day}", "its title is not the name of a bank holiday")
    return name


def read_file(path: Path) -> HolidayList:
    """The same of a file. Raises `BadHolidayList`, `OSError`."""
    with path.open("rb") as file:
        return read_published(file.read(LARGEST + 1))

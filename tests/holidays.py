"""Lists of bank holidays to propose: the published one with days more and days fewer."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.holiday_list import HolidayList
from victimcare.editions.bank_holidays import load_calendar

SHIPPED = load_calendar()
FUNERAL = date(2022, 9, 19)
FUNERAL_NAME = SHIPPED.holidays[FUNERAL]


def listed(calendar: WorkingCalendar = SHIPPED, *, without: tuple[date, ...] = (), **more: str) -> HolidayList:
    """The list of this calendar without some days, and with others: `listed(**{"2027-05-07": "A jubilee"})`."""
    added = {date.fromisoformat(day): name for day, name in more.items()}
    days = {day: name for day, name in calendar.holidays.items() if day not in without} | added
    return HolidayList(days, max(calendar.known_until, max(days).replace(month=12, day=31)))


def document(of: HolidayList | None = None, **change: Any) -> bytes:
    """The list as GOV.UK would publish it; `change` replaces parts of the division."""
    days = (of or listed()).holidays.items()
    events = [{"title": name, "date": f"{day}", "notes": "", "bunting": True} for day, name in sorted(days)]
    division = {"division": "england-and-wales", "events": events, **change}
    return json.dumps({"england-and-wales": division, "scotland": {"events": []}}).encode()

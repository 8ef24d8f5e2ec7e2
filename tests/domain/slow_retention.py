"""The rules on keeping cases a second time, in the plainest way: day by day, and without the code that is tested."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any


def same_day(start: date, years: int) -> date:
    """The same day of a later year; of the 29th of February, the 28th where that year has none."""
    for day in (start.day, start.day - 1):
        try:
            return date(start.year + years, start.month, day)
        except ValueError:
            continue
    raise AssertionError


def must_be_proposed(case: dict[str, Any], rules: list[dict[str, Any]], today: date) -> bool:
    """Whether a case must be proposed today: every reason against it, one after the other."""
    if case["held"] or case["waits"] or case["status"] not in ("closed", "void"):
        return False
    mine = [r for r in rules if r["status"] == case["status"] and case["crime_type"] in r.get("crime_types", [])]
    if not mine:
        mine = [r for r in rules if r["status"] == case["status"] and "crime_types" not in r]
    if not mine:
        return False
    days = {"case_ended": "ended_on", "last_recorded": "last_recorded_on", "victim_born": "born_on"}
    start = case[days[mine[0]["trigger"]]]
    if start is None or (case["kept_until_on"] is not None and today < case["kept_until_on"]):
        return False
    return today > same_day(start, mine[0]["years"]) - timedelta(days=1)

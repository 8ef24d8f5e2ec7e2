"""Whether the list of bank holidays reaches far enough to count with."""

from __future__ import annotations

from datetime import date

from victimcare.domain.calendar import WorkingCalendar, add_calendar_months
from victimcare.domain.explanation import in_words


def ending_soon(calendar: WorkingCalendar, *, today: date) -> str | None:
    """A warning when the bank holidays are known for less than a year from `today`; else None."""
    if calendar.known_until >= add_calendar_months(today, 12):
        return None
    return (
        f"Bank holidays are known only until {in_words(calendar.known_until)}. "
        "Deadlines after that day are provisional: propose the newly published list"
    )

"""Which days a crime and its victims can have, whether a person types them or a system says them."""

from __future__ import annotations

from datetime import date

EARLIEST = date(1900, 1, 1)
"""Before it nobody here was born and nothing happened: a year was typed wrongly."""


def birth_wrong(born_on: date | None, today: date) -> str | None:
    """What is wrong with a date of birth, after its name. `today`: a London date."""
    if born_on is not None and not EARLIEST <= born_on <= today:
        return "must be today or in the past: type all four digits of the year"
    return None


def incident_wrong(incident_on: date | None, reported_on: date) -> str | None:
    """What is wrong with the day of an incident that was reported on this London date, after its name."""
    if incident_on is None:
        return None
    if incident_on < EARLIEST:
        return f"must not be before {EARLIEST.year}"
    return "must not be after the date reported" if incident_on > reported_on else None


def recording_wrong(recorded_on: date, reported_on: date) -> str | None:
    """What is wrong with the London date on which a crime was recorded, after its name."""
    return "must not be before the date reported" if recorded_on < reported_on else None

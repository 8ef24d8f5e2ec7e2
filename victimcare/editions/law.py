"""The law in force: the published editions and the published bank holidays."""

from __future__ import annotations

from functools import cache

from victimcare.domain.law import Law
from victimcare.editions.bank_holidays import load_calendar
from victimcare.editions.loader import published_code, read_edition


@cache
def published_law() -> Law:
    """The published editions of the Code with the packaged bank holidays, loaded once a process."""
    return Law(published_code(), load_calendar(), read_edition)

"""When something happened and when the news of it came, as typed: neither is in the future, and news is no prophecy."""

from __future__ import annotations

from datetime import date, datetime, time

from victimcare.domain.calendar import london_date
from victimcare.domain.journey import Moment
from victimcare.web.forms import FieldRefused
from victimcare.web.typed_dates import london_instant


def moment_typed(on: date, at: time | None, *, now: datetime) -> Moment:
    """The moment of a London date and perhaps a time of day. Raises `FieldRefused`."""
    if on > london_date(now):
        raise FieldRefused("happened_on", "Date must be today or in the past")
    if at is None:
        return Moment.day(on)
    try:
        instant = london_instant(on, at)
    except ValueError as impossible:
        raise FieldRefused("happened_time", f"Time {impossible}") from None
    if instant > now:
        raise FieldRefused("happened_time", "Time must be in the past")
    return Moment.instant(instant)


def received_typed(on: date, happened: Moment, *, now: datetime) -> Moment:
    """The London date on which the news came. Raises `FieldRefused`."""
    if on > london_date(now):
        raise FieldRefused("received_on", "Date received must be today or in the past")
    if on < happened.on:
        raise FieldRefused("received_on", "Date received must not be before the date it happened")
    return Moment.day(on)

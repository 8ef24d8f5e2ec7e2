"""What is doubtful about the day of something that is to be recorded; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import NewEvent, as_recorded
from victimcare.domain.calendar import london_date
from victimcare.domain.doubtful_days import DoubtfulDay, doubtful_day
from victimcare.domain.law import Law
from victimcare.store import cases


def doubt_day(
    connection: Connection, *, ref: str, events: Iterable[NewEvent], now: datetime, law: Law
) -> DoubtfulDay | None:
    """Of these events, each recorded alone on this case `now`, the first doubt; None where there is none.

    For whoever has the case before them already. Raises `NoSuchCase`, `DayOutsideCalendar`.
    """
    case = cases.look_at(connection, ref).case
    recorded = (as_recorded(event, case.next_instant(now)) for event in events)
    doubts = (doubtful_day(case.journey, event, law, on=london_date(now)) for event in recorded)
    return next((doubt for doubt in doubts if doubt), None)

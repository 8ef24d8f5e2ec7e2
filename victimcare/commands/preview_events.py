"""What recording something would do to a case's deadlines; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import NewEvent, as_recorded, check_may_record
from victimcare.domain.calendar import london_date
from victimcare.domain.entitlements import assess
from victimcare.domain.law import Law
from victimcare.domain.moved_deadlines import MovedDeadline, moved_deadlines
from victimcare.domain.people import Person
from victimcare.store import cases


def preview_events(
    connection: Connection, *, ref: str, events: Sequence[NewEvent], by: Person, now: datetime, law: Law
) -> tuple[MovedDeadline, ...]:
    """The deadlines of this one case that would move if these events were recorded now, one after the other.

    Checked as by `record_event`. Raises `NoSuchCase`, `EventRefused`, `DayOutsideCalendar`.
    """
    stored = cases.look_at(connection, ref)
    after = stored.case
    for event in events:
        check_may_record(connection, event, stored, by=by)
        after = after.record(as_recorded(event, after.next_instant(now)))
    return moved_deadlines(
        assess(stored.case.journey, law.code, law.calendar),
        assess(after.journey, law.code, law.calendar),
        on=london_date(now),
    )

"""Remind officers of what is due, and supervisors too of what is overdue: rows of the outbox, each effect once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection

from victimcare.domain.calendar import LONDON, WorkingCalendar, london_date
from victimcare.domain.people import NO_LISTS, CaseLists
from victimcare.domain.reminders import Step, recipients, step_on
from victimcare.store import audit, case_lists, outbox, staff
from victimcare.store.staff import SYSTEM, is_absent

FIRST_LOOK_BACK = 5
"""Working days. What was overdue for longer before the first run is on the worklists, not in anybody's mail."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of one duty to one person. `due_on` is part of what makes it: a moved deadline reminds anew."""

    case_id: int
    rule: str
    start_key: str
    step: Step
    due_on: date
    recipient_id: str


def reminders_due(
    connection: Connection, *, reached_at: datetime | None, now: datetime, calendar: WorkingCalendar, own_agency: str
) -> list[Reminder]:
    """The reminders that `now` calls for, looking back to the run that succeeded at `reached_at`.

    Each duty is at one step only: after an outage the steps that were missed are not made up for. Other agencies'
    duties are waited for, and nobody here is reminded of them.
    """
    today = london_date(now)
    since = london_date(reached_at) if reached_at else _working_days_before(today, FIRST_LOOK_BACK, calendar)
    rows = outbox.open_duties(
        connection,
        first=min(since, today),
        last=calendar.add_working_days(today, 1),
        today=today,
        own_agency=own_agency,
        recorded_late_since=datetime.combine(since, time.min, LONDON).astimezone(UTC),
    )
    lists = case_lists.lists_of(connection, sorted({row.case_id for row in rows if row.has_lists}))
    return [
        reminder
        for row in rows
        for reminder in _reminders(row, today, calendar, *_who_may_know(connection, row, lists))
    ]


def remind(connection: Connection, *, reminders: Sequence[Reminder], now: datetime) -> int:
    """Put the reminders into the outbox; how many were new."""
    added = outbox.add(connection, [_item(reminder, now) for reminder in reminders])
    if added:
        case_ids = [reminder.case_id for reminder in reminders]
        audit.write(connection, at=now, operation="consultation", what="remind", person=SYSTEM, case_ids=case_ids)
    return added


def _who_may_know(connection: Connection, row: Any, lists: Mapping[int, CaseLists]) -> tuple[CaseLists, list[str]]:
    """Who is kept from the case, and who hears of it instead of a duty supervisor who is."""
    if row.case_id not in lists:
        return NO_LISTS, []
    return lists[row.case_id], staff.present_supervisors(connection, row.holder_team_id)


def _reminders(
    row: Any, today: date, calendar: WorkingCalendar, lists: CaseLists, deputies: Sequence[str]
) -> list[Reminder]:
    step = step_on(today, due_on=row.due_on, calendar=calendar)
    if step is None:
        return []
    chosen = recipients(
        step,
        officer_id=row.holder_id,
        officer_away=is_absent(row, today),
        supervisor_id=row.duty_supervisor_id,
        cover_id=row.cover_id,
        lists=lists,
        deputies=deputies,
    )
    return [Reminder(row.case_id, row.rule, row.start_key, step, row.due_on, person_id) for person_id in chosen]


def _item(reminder: Reminder, now: datetime) -> dict[str, Any]:
    return {
        "case_id": reminder.case_id,
        "rule": reminder.rule,
        "start_key": reminder.start_key,
        "step": reminder.step.value,
        "due_on": reminder.due_on,
        "recipient_id": reminder.recipient_id,
        "created_at": now,
        "next_try_at": now,
        "reference": secrets.token_hex(16),
        "status": "waiting",
        "attempts": 0,
    }


def _working_days_before(today: date, count: int, calendar: WorkingCalendar) -> date:
    earlier = today
    while calendar.working_days_between(earlier, today) < count:
        earlier = date.fromordinal(earlier.toordinal() - 1)
    return earlier

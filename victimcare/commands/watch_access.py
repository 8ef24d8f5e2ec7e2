"""Keep the signs of snooping that one day's audit holds, as alerts for a privacy reviewer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from victimcare.domain.calendar import london_date
from victimcare.domain.snooping import Suspicion
from victimcare.store import access_alerts, audit
from victimcare.store.staff import SYSTEM

FURTHEST_BACK = 14
"""Days. What was done before the first run, or long before an outage, is not asked about any more."""


def days_to_watch(*, reached_at: datetime | None, now: datetime) -> list[date]:
    """The London dates that are over and that no run before saw to their end."""
    today = london_date(now)
    since = london_date(reached_at) if reached_at else today - timedelta(days=1)
    first = max(since, today - timedelta(days=FURTHEST_BACK))
    return [first + timedelta(days=n) for n in range((today - first).days)]


def keep_suspicions(connection: Connection, found: Sequence[Suspicion], *, looked_on: date, now: datetime) -> int:
    """Keep those that are new; how many. Doing it again keeps none."""
    added = access_alerts.add(connection, found, looked_on=looked_on, now=now)
    if added:
        case_ids = sorted({each.case_id for each in found if each.case_id is not None})
        audit.write(connection, at=now, operation="consultation", what="watch access", person=SYSTEM, case_ids=case_ids)
    return added

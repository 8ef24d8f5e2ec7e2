"""Keep the signs of snooping that one day's audit holds, as alerts for a privacy reviewer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from victimcare.domain.calendar import london_date
from victimcare.domain.snooping import SIGN_FOUND, Suspicion
from victimcare.store import access_alerts, audit, outbox, staff
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
    """Keep those that are new, and tell everybody who reviews but whom it is about; how many. Again, it keeps none."""
    added = access_alerts.add(connection, found, looked_on=looked_on, now=now)
    reviewers = staff.privacy_reviewers(connection) if added else []
    for alert in added:
        told = [person_id for person_id in reviewers if person_id != alert.person_id]
        outbox.tell(connection, told, step=SIGN_FOUND, key=alert.id, now=now)
    if added:
        case_ids = sorted({each.case_id for each in found if each.case_id is not None})
        audit.write(connection, at=now, operation="consultation", what="watch access", person=SYSTEM, case_ids=case_ids)
    return len(added)

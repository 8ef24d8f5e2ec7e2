"""Find the duties whose day has passed and write a breach for each, once, with who held it on that day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from victimcare.domain.calendar import london_date
from victimcare.store import audit, newly_late
from victimcare.store.staff import SYSTEM

_ONE_DAY = timedelta(days=1)


def cases_to_search(connection: Connection, *, reached_at: datetime | None, now: datetime) -> list[int]:
    """The cases in which a duty may have become late since a run that succeeded at `reached_at`; None: ever.

    One day is looked at twice, because that run left alone the cases to which somebody was writing just then.
    """
    since = london_date(reached_at) - _ONE_DAY if reached_at else None
    return newly_late.cases_newly_late(connection, since=since, today=london_date(now))


def find_breaches(connection: Connection, *, case_ids: Sequence[int], now: datetime) -> int:
    """Write every breach that these cases lack as of `now`; how many. Doing it again writes none."""
    found = newly_late.write_breaches(connection, case_ids, today=london_date(now), now=now)
    if found:
        audit.write(connection, at=now, operation="alteration", what="find breaches", person=SYSTEM, case_ids=case_ids)
    return found

"""Forget what a force's own system said and what it hangs on never came: it is kept no longer than it may be needed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from victimcare.domain.force_policy import ForcePolicy
from victimcare.store import audit, source_records
from victimcare.store.staff import SYSTEM, ensure_system


def forget_waiting(connection: Connection, *, policy: ForcePolicy, now: datetime) -> int:
    """Forget each record that waits and did not come again for as many days as the policy says; how many.

    Sent again, it waits again, or is taken.
    """
    count = source_records.forget_waiting(connection, before=now - timedelta(days=policy.keep_waiting))
    if count:
        ensure_system(connection)
        what = f"forget {count} records that waited"
        audit.write(connection, at=now, operation="erasure", what=what, person=SYSTEM)
    return count

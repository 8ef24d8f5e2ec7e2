"""What must not happen a second time once a backup was restored, or all of another installation was imported: nothing
is sent again, nobody is let in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.remind import duties_at_a_step, remind
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.store import accounts, api_clients, audit, job_runs, sign_ins, staff, unsent, webhook_events


def settle_restored(
    connection: Connection,
    *,
    said: str,
    by: Person,
    now: datetime,
    law: Law,
    ladder: Ladder,
    own_agency: str,
) -> int:
    """Hold back all that would leave, end every sign-in and one-time secret, disable the systems of other agencies;
    how many notices were held back. `said` is what the audit says that was done.

    Reminders that the next run would write were perhaps written and sent after the backup was made: they are held back
    too. The worklists show their duties.
    """
    staff.ensure_system(connection)
    # First in the chain after what was restored: it explains why the rows that follow are others than once were there.
    audit.write(connection, at=now, operation="alteration", what=said, person=by)
    reached_at = job_runs.last_done(connection, "remind", until=now)
    how: dict[str, Any] = {"now": now, "calendar": law.calendar, "ladder": ladder}
    duties = duties_at_a_step(connection, reached_at=reached_at, own_agency=own_agency, **how)
    remind(connection, duties=duties, **how)
    held_back = unsent.quarantine(connection) + webhook_events.quarantine(connection)
    sign_ins.end_all_sessions(connection)
    api_clients.disable_all(connection)  # one whose secret leaked since, or who was disabled, would be let in again
    accounts.forget_all_invitations(connection)
    return held_back


def release_held_back(connection: Connection, *, by: Person, now: datetime) -> int:
    """Let leave what restoring held back, where somebody knows that none of it had left; how many."""
    count = unsent.release_quarantined(connection, now=now)
    count += webhook_events.release_quarantined(connection, now=now)
    if count:
        audit.write(connection, at=now, operation="alteration", what="release held back notices", person=by)
    return count

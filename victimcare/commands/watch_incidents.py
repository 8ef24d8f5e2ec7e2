"""Tell whoever keeps an incident how much is left of its 72 hours, until somebody decides: at any hour, on any day.

The hours pass at night and at weekends, so what is told of them does not wait for office hours. Each is told once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.asked_anew import NO_ADDRESS, NO_LONGER_TRUE
from victimcare.domain.calendar import london_date
from victimcare.domain.incident import Reminder, TellingClock
from victimcare.domain.people import Role
from victimcare.notices.channel import Notice
from victimcare.notices.texts import incident_clock
from victimcare.store import audit, digests, incidents, outbox, staff
from victimcare.store.outbox import Leased
from victimcare.store.staff import SYSTEM

INCIDENT_CLOCK = "incident_clock"
"""As a step of the outbox: of no case; its key is the incident's reference and the reminder."""
_LAST = (Reminder.HOURS_LEFT, Reminder.OVER)


def tell_of_recorded(connection: Connection, incident_id: str, *, now: datetime) -> None:
    """Tell of one that was just recorded: how its clock stands. In the transaction that records it."""
    row = incidents.undecided_one(connection, incident_id)
    stands = TellingClock(row.found_at).reminder(now) or Reminder.RECORDED
    _tell(connection, incident_id, stands, row.team_id, row.recorded_by, row.found_at, now)


def tell_of_clocks(connection: Connection, *, now: datetime) -> int:
    """Tell of every incident that stands at a reminder and is not decided; how many notices are new."""
    added = 0
    for row in incidents.undecided(connection):
        stands = TellingClock(row.found_at).reminder(now)
        if stands is not None:
            added += _tell(connection, row.id, stands, row.team_id, row.recorded_by, row.found_at, now)
    if added:
        audit.write(connection, at=now, operation="consultation", what="tell of incidents", person=SYSTEM)
    return added


def begin_incident(connection: Connection, *, item: Leased, now: datetime, until: datetime) -> Notice | None:
    """The notice to send now; None where it cannot go, or is no longer true: somebody decided, or a later one tells."""
    incident_id, _, told = item.start_key.partition(" ")
    row = incidents.undecided_one(connection, incident_id)
    clock = TellingClock(row.found_at) if row is not None else None
    if clock is None or (clock.reminder(now) or Reminder.RECORDED) != told:
        outbox.settle(connection, item, status="cancelled", error=NO_LONGER_TRUE)
    elif not item.address:
        outbox.settle(connection, item, status="failed", error=NO_ADDRESS)
    elif outbox.begin(connection, item, now=now, until=until):
        subject, body = incident_clock(incident_id, clock=clock, now=now)
        return Notice(item.reference, item.address, subject, body, now)
    return None


def _tell(
    connection: Connection,
    incident_id: str,
    stands: Reminder,
    team_id: str | None,
    recorded_by: str,
    found_at: datetime,
    now: datetime,
) -> int:
    due_on = london_date(TellingClock(found_at).due_at)
    people = _who_hears(connection, team_id, recorded_by, stands)
    key = f"{incident_id} {stands}"
    return digests.add_once(connection, people, step=INCIDENT_CLOCK, key=key, on=due_on, now=now, leaves_at=now)


def _who_hears(connection: Connection, team_id: str | None, recorded_by: str, stands: Reminder) -> list[str]:
    """The supervisors of its team, who decide, and whoever recorded it.

    In the last hours, and where none of those works here any more, the administrators too, who see the register without
    its words: they can find somebody who decides.
    """
    keepers = set(staff.present_supervisors(connection, team_id)) if team_id is not None else set()
    keepers |= {recorded_by} if staff.works_here(connection, recorded_by) else set()
    if stands in _LAST or not keepers:
        keepers |= set(staff.working_as(connection, Role.ADMINISTRATOR))
    return sorted(keepers)

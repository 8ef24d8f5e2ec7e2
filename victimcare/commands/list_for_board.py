"""The board's monthly list of what stays late: counts by right, no case, small numbers hidden."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from victimcare.commands.asked_anew import NO_ADDRESS
from victimcare.domain.calendar import WorkingCalendar, london_date
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.domain.suppression import protect_parts
from victimcare.notices.channel import Notice
from victimcare.notices.texts import monthly_list
from victimcare.store import audit, digests, outbox, reminding
from victimcare.store.outbox import Leased
from victimcare.store.staff import SYSTEM

_SWITCHED_OFF = "the escalation ladder lists nothing for the board any more"


def list_for_board(
    connection: Connection, *, reached_at: datetime | None, now: datetime, calendar: WorkingCalendar, ladder: Ladder
) -> int:
    """Put this month's list into the outbox for everybody of the board, once its first working day has come; how many.

    That day lies between the run that succeeded at `reached_at` and this one.
    """
    today = london_date(now)
    month = today.replace(day=1)
    begins = calendar.working_day_from(month - timedelta(days=1), 1)
    if ladder.listed_after is None or reached_at is None or not london_date(reached_at) < begins <= today:
        return 0
    added = digests.add_lists(connection, on=month, now=now, leaves_at=ladder.hours.next_open(now, calendar))
    if added:
        audit.write(connection, at=now, operation="consultation", what="list for the board", person=SYSTEM)
    return added


def begin_list(
    connection: Connection, *, item: Leased, law: Law, ladder: Ladder, now: datetime, until: datetime, own_agency: str
) -> Notice | None:
    """The list to send now, counted now; None where nobody may be sent anything at this time, or it cannot go."""
    opens_at = ladder.hours.next_open(now, law.calendar)
    if opens_at > now:
        outbox.hold(connection, item, until=opens_at)
        return None
    if ladder.listed_after is None:
        outbox.settle(connection, item, status="cancelled", error=_SWITCHED_OFF)
        return None
    if not item.address:
        outbox.settle(connection, item, status="failed", error=NO_ADDRESS)
        return None
    if not outbox.begin(connection, item, now=now, until=until):
        return None
    today = london_date(now)
    before = law.calendar.working_day_from(today, 1 - ladder.listed_after)
    counts = reminding.late_by_right(connection, before=before, own_agency=own_agency)
    rights = sorted({rule.right for edition in law.code.editions for rule in edition.rules})
    shown = protect_parts([counts.get(right, 0) for right in rights], ladder.small_numbers_below)
    subject, body = monthly_list(
        dict(zip(rights, shown.parts, strict=True)), shown.total, late=ladder.listed_after, today=today
    )
    return Notice(item.reference, item.address, subject, body, now)

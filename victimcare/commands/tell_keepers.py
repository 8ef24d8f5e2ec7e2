"""Tell whoever keeps something that it needs them: a job that did not run, an entry of the directory out of date, a
system of an agency that takes nothing any more.

Of no case, and each once: a job or a system for each time that it stopped, an entry for each day from which it was due.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from victimcare.commands.asked_anew import NO_ADDRESS, NO_LONGER_TRUE
from victimcare.commands.remind import looked_back_to
from victimcare.domain.calendar import WorkingCalendar, london_date
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.domain.people import Role
from victimcare.editions.referral_policy import published_referral_policy
from victimcare.notices.channel import Notice
from victimcare.notices.texts import entry_to_check, job_not_run, system_stopped
from victimcare.store import api_clients, audit, digests, job_runs, outbox, staff, webhooks
from victimcare.store.outbox import Leased
from victimcare.store.services import SERVICES
from victimcare.store.staff import SYSTEM

JOB_NOT_RUN, ENTRY_TO_CHECK, SYSTEM_STOPPED = "job_not_run", "entry_to_check", "system_stopped"
TO_KEEPERS = frozenset({JOB_NOT_RUN, ENTRY_TO_CHECK, SYSTEM_STOPPED})
_NEVER = date(2000, 1, 1)


def tell_of_job(connection: Connection, *, job: str, last_success_at: datetime | None, now: datetime) -> int:
    """Tell the administrators, at once, that a job has not run since then (None: ever); how many notices are new."""
    on = london_date(last_success_at) if last_success_at else _NEVER
    key = f"{job} {last_success_at.isoformat()}" if last_success_at else job
    people = staff.working_as(connection, Role.ADMINISTRATOR)
    added = digests.add_once(connection, people, step=JOB_NOT_RUN, key=key, on=on, now=now, leaves_at=now)
    if added:
        audit.write(connection, at=now, operation="consultation", what=f"tell of job {job}", person=SYSTEM)
    return added


def tell_of_directory(
    connection: Connection, *, reached_at: datetime | None, now: datetime, calendar: WorkingCalendar, ladder: Ladder
) -> int:
    """Tell whoever keeps the directory of each entry that is out of date since the last run; how many are new."""
    today = london_date(now)
    since = looked_back_to(reached_at, today=today, calendar=calendar)
    allowed = timedelta(days=published_referral_policy().checked_every_days)
    lapsed = SERVICES.c.checked_on.between(since - allowed, today - allowed - timedelta(days=1))
    wanted = select(SERVICES.c.id, SERVICES.c.checked_on).where(SERVICES.c.retired_on.is_(None), lapsed)
    people = staff.working_as(connection, Role.DIRECTORY_EDITOR)
    leaves_at, added = ladder.hours.next_open(now, calendar), 0
    for row in connection.execute(wanted.order_by(SERVICES.c.id)).all():
        how: dict[str, Any] = {"key": row.id, "on": row.checked_on + allowed, "now": now, "leaves_at": leaves_at}
        added += digests.add_once(connection, people, step=ENTRY_TO_CHECK, **how)
    if added:
        audit.write(connection, at=now, operation="consultation", what="tell of directory", person=SYSTEM)
    return added


def tell_of_stopped(connection: Connection, *, client_id: str, now: datetime) -> None:
    """Tell the administrators, at once, that a system of an agency is told nothing any more since now."""
    key, on = f"{client_id} {now.isoformat()}", london_date(now)
    people = staff.working_as(connection, Role.ADMINISTRATOR)
    digests.add_once(connection, people, step=SYSTEM_STOPPED, key=key, on=on, now=now, leaves_at=now)


def begin_telling(
    connection: Connection, *, item: Leased, law: Law, ladder: Ladder, now: datetime, until: datetime
) -> Notice | None:
    """The notice to send now; None where it is no longer true, cannot go, or nobody may be sent it at this time.

    Of a job, or a system, the administrators hear at any hour: until it is mended, others may hear of nothing.
    """
    words = _WORDS_OF[item.step](connection, item)
    opens_at = ladder.hours.next_open(now, law.calendar)
    if words is None:
        outbox.settle(connection, item, status="cancelled", error=NO_LONGER_TRUE)
    elif item.step == ENTRY_TO_CHECK and opens_at > now:
        outbox.hold(connection, item, until=opens_at)
    elif not item.address:
        outbox.settle(connection, item, status="failed", error=NO_ADDRESS)
    elif outbox.begin(connection, item, now=now, until=until):
        return Notice(item.reference, item.address, *words, now)
    return None


def _words_of_job(connection: Connection, item: Leased) -> tuple[str, str] | None:
    name, _, since = item.start_key.partition(" ")
    title = job_runs.title_of(connection, name)
    done = job_runs.last_done(connection, name, until=datetime.max.replace(tzinfo=item.created_at.tzinfo))
    if title is None or (done is not None and (not since or done > datetime.fromisoformat(since))):
        return None
    return job_not_run(title, since_on=london_date(datetime.fromisoformat(since)) if since else None)


def _words_of_entry(connection: Connection, item: Leased) -> tuple[str, str] | None:
    row = connection.execute(select(SERVICES).where(SERVICES.c.id == item.start_key)).first()
    allowed = timedelta(days=published_referral_policy().checked_every_days)
    if row is None or row.retired_on is not None or row.checked_on + allowed != item.due_on:
        return None
    return entry_to_check(row.name, checked_on=row.checked_on)


def _words_of_stopped(connection: Connection, item: Leased) -> tuple[str, str] | None:
    client_id, _, at = item.start_key.partition(" ")
    stored, client = webhooks.load(connection, client_id), api_clients.client(connection, client_id)
    if stored is None or client is None or stored.status_at != datetime.fromisoformat(at):
        return None
    return system_stopped(client.person.name, gone=stored.status == webhooks.GONE, on=london_date(stored.status_at))


_WORDS_OF = {JOB_NOT_RUN: _words_of_job, ENTRY_TO_CHECK: _words_of_entry, SYSTEM_STOPPED: _words_of_stopped}

"""Ask other agencies for what they owe and is late: a notice to the agency's contact, once at each step, asked anew."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.remind import looked_back_to, written_since
from victimcare.domain.calendar import WorkingCalendar, london_date
from victimcare.domain.ladder import Ladder, age_on, due_when_reached
from victimcare.domain.law import Law
from victimcare.notices.channel import Notice
from victimcare.notices.texts import ask_agency
from victimcare.store import agency_contacts, audit, outbox, reminding
from victimcare.store.outbox import Leased
from victimcare.store.reminding import duty_key
from victimcare.store.staff import SYSTEM

_NOT_ANY_MORE = "no longer true when it was to be sent"
_NO_CONTACT = "no contact of the agency is kept"
_FROM_MANY = "somebody is kept from the case, and whoever reads the agency's mail need not be one who may know"


def late_at_others(
    connection: Connection,
    *,
    reached_at: datetime | None,
    now: datetime,
    calendar: WorkingCalendar,
    ladder: Ladder,
    own_agency: str,
) -> list[Any]:
    """What has reached a step since the run that succeeded at `reached_at`, or came to be at one, of whom to ask."""
    today = london_date(now)
    since = looked_back_to(reached_at, today=today, calendar=calendar)
    spans = [due_when_reached(at, after=since, today=today, calendar=calendar) for at in ladder.agencies_asked_at]
    rows = agency_contacts.owed_by_others(connection, spans, own_agency=own_agency)
    if reached_at is not None:
        changed = reminding.changed_cases(connection, since=written_since(reached_at))
        rows += agency_contacts.owed_by_others_in(connection, changed, own_agency=own_agency)
    known = agency_contacts.contacts(connection)
    late = {duty_key(row): row for row in rows if _step(row, now, calendar, ladder) is not None}
    return [late[key] for key in sorted(late) if late[key].owed_by in known and not late[key].has_lists]


def ask_agencies(
    connection: Connection, *, duties: Sequence[Any], now: datetime, calendar: WorkingCalendar, ladder: Ladder
) -> int:
    """Put into the outbox that the agencies are asked for these; how many were new."""
    leaves_at = ladder.hours.next_open(now, calendar)
    rows = [
        {
            "case_id": duty.case_id,
            "rule": duty.rule,
            "start_key": duty.start_key,
            "step": _step(duty, now, calendar, ladder),
            "due_on": duty.due_on,
            "told_as": None,
            "agency": duty.owed_by,
            "digest_id": None,
            "created_at": now,
            "next_try_at": leaves_at,
            "reference": secrets.token_hex(16),
            "status": "waiting",
            "attempts": 0,
        }
        for duty in duties
    ]
    added = outbox.add(connection, rows)
    if added:
        case_ids = [duty.case_id for duty in duties]
        audit.write(connection, at=now, operation="consultation", what="ask agencies", person=SYSTEM, case_ids=case_ids)
    return added


def begin_asking(
    connection: Connection, *, item: Leased, law: Law, ladder: Ladder, now: datetime, until: datetime, own_agency: str
) -> Notice | None:
    """The notice to send now; None where it has come meanwhile, or where nobody may, or can, be asked at this time."""
    opens_at = ladder.hours.next_open(now, law.calendar)
    if opens_at > now:
        outbox.hold(connection, item, until=opens_at)
        return None
    owed = agency_contacts.owed_by_others_in(connection, [item.case_id or 0], own_agency=own_agency)
    named = (item.rule, item.start_key, item.due_on, item.agency)
    duty = next((one for one in owed if (one.rule, one.start_key, one.due_on, one.owed_by) == named), None)
    if duty is None or _step(duty, now, law.calendar, ladder) != item.step:
        outbox.settle(connection, item, status="cancelled", error=_NOT_ANY_MORE)
        return None
    contact = agency_contacts.contacts(connection).get(item.agency or "")
    if contact is None or duty.has_lists:
        outbox.settle(connection, item, status="cancelled", error=_FROM_MANY if contact else _NO_CONTACT)
        return None
    if not outbox.begin(connection, item, now=now, until=until):
        return None
    title = law.code.edition(duty.edition).rule(duty.rule).marked_title
    subject, body = ask_agency(case_ref=duty.ref, title=title, due_on=duty.due_on)
    return Notice(item.reference, contact.email, subject, body, now)


def _step(duty: Any, now: datetime, calendar: WorkingCalendar, ladder: Ladder) -> str | None:
    return ladder.asked_step(age_on(london_date(now), due_on=duty.due_on, calendar=calendar))

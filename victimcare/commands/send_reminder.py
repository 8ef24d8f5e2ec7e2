"""What a notice about a duty comes to at the moment at which it is to be sent: still true, to whom, in which words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.remind import step_of
from victimcare.domain.calendar import london_date
from victimcare.domain.ladder import Ladder, Told
from victimcare.domain.law import Law
from victimcare.domain.people import NO_LISTS
from victimcare.domain.reminders import Recipient, recipient
from victimcare.notices.channel import Notice
from victimcare.notices.texts import reminder
from victimcare.store import case_lists, outbox, reminding, staff
from victimcare.store.outbox import Leased
from victimcare.store.reminding import Here

NO_ADDRESS = "the recipient has no e-mail address"
_NO_INBOX = "nobody is here to hear it, and the team has no inbox"
_NO_LONGER_TRUE = "no longer true when it was to be sent"


def begin_reminder(
    connection: Connection, *, item: Leased, law: Law, ladder: Ladder, now: datetime, until: datetime
) -> Notice | None:
    """The notice to send now; from this moment on it is under way, `until` which it is not taken for lost.

    None where its duty ended or moved, or stands at another step, where nobody may be sent anything at this time, and
    where it cannot go. Who hears it is asked anew: the case may have been handed over, or somebody gone on leave.
    """
    opens_at = ladder.hours.next_open(now, law.calendar)
    if opens_at > now:
        outbox.hold(connection, item, until=opens_at)
        return None
    duty = _duty_to_tell(connection, item, law, ladder, now)
    if duty is None:
        outbox.settle(connection, item, status="cancelled", error=_NO_LONGER_TRUE)
        return None
    here = reminding.who_is_here(connection, [duty], today=london_date(now))
    who = _who_hears(connection, item, duty, here)
    address = _address(connection, item, duty, who)
    if address is None or not outbox.begin(connection, item, now=now, until=until):
        return None
    rule = law.code.edition(duty.edition).rule(duty.rule)
    subject, body = reminder(
        who,
        case_ref=duty.ref,
        title=rule.marked_title,
        right=rule.right,
        due_on=duty.due_on,
        today=london_date(now),
    )
    return Notice(item.reference, address, subject, body, now)


def _duty_to_tell(connection: Connection, item: Leased, law: Law, ladder: Ladder, now: datetime) -> Any:
    if item.case_id is None:
        return None
    duty = reminding.open_duty(connection, item.case_id, item.rule, item.start_key, today=london_date(now))
    if duty is None or duty.due_on != item.due_on:
        return None
    step = step_of(duty, now, law.calendar, ladder)
    return duty if step is not None and step.code == item.step else None


def _who_hears(connection: Connection, item: Leased, duty: Any, here: Here) -> Recipient:
    lists = case_lists.lists_of(connection, [duty.case_id]) if duty.has_lists else {}
    return recipient(
        Told(item.told_as or Told.OFFICER),
        holder=here.holder(duty),
        chain=here.chain(duty.holder_team_id),
        lists=lists.get(duty.case_id, NO_LISTS),
    )


def _address(connection: Connection, item: Leased, duty: Any, who: Recipient) -> str | None:
    """Where it goes; None where whoever hears it instead hears of it already, or has no address."""
    team_id = duty.holder_team_id if who.person_id is None else None
    is_theirs = (who.person_id, team_id) == (item.recipient_id, item.team_id)
    if not is_theirs and not outbox.give_to(connection, item, recipient_id=who.person_id, team_id=team_id):
        return None
    if who.person_id is None:
        address, why = staff.inbox_of(connection, duty.holder_team_id), _NO_INBOX
    else:
        address, why = staff.email_of(connection, who.person_id), NO_ADDRESS
    if not address:
        outbox.settle(connection, item, status="failed", error=why)
    return address or None

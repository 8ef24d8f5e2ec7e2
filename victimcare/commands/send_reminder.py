"""What a notice about a duty comes to at the moment at which it is to be sent: still true, to whom, in which words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.asked_anew import HEARD_ALREADY, NO_ADDRESS, NO_LONGER_TRUE, truth_about
from victimcare.domain.calendar import london_date
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.domain.reminders import Recipient
from victimcare.notices.channel import Notice
from victimcare.notices.texts import reminder
from victimcare.store import outbox, staff
from victimcare.store.outbox import Leased

_NO_INBOX = "nobody is here to hear it, and the team has no inbox"


def begin_reminder(
    connection: Connection, *, item: Leased, law: Law, ladder: Ladder, now: datetime, until: datetime
) -> Notice | None:
    """The notice to send now; from this moment on it is under way, `until` which it is not taken for lost.

    None where it is no longer true, where nobody may be sent anything at this time, and where it cannot go.
    """
    opens_at = ladder.hours.next_open(now, law.calendar)
    if opens_at > now:
        outbox.hold(connection, item, until=opens_at)
        return None
    truth = truth_about(connection, [item], law=law, ladder=ladder, now=now)
    duty = truth.duty_of(item)
    if duty is None:
        outbox.settle(connection, item, status="cancelled", error=NO_LONGER_TRUE)
        return None
    who = truth.who_hears(item, duty)
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


def _address(connection: Connection, item: Leased, duty: Any, who: Recipient) -> str | None:
    """Where it goes; None where whoever hears it instead hears of it already, or has no address."""
    team_id = duty.holder_team_id if who.person_id is None else None
    if not outbox.give_to(connection, item, recipient_id=who.person_id, team_id=team_id):
        outbox.settle(connection, item, status="cancelled", error=HEARD_ALREADY)
        return None
    if who.person_id is None:
        address, why = staff.inbox_of(connection, duty.holder_team_id), _NO_INBOX
    else:
        address, why = staff.email_of(connection, who.person_id), NO_ADDRESS
    if not address:
        outbox.settle(connection, item, status="failed", error=why)
    return address or None

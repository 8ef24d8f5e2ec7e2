"""What a notice about a duty comes to at the moment at which it is to be sent: still true, to whom, in which words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.asked_anew import HEARD_BY_OTHERS, NO_ADDRESS, NO_LONGER_TRUE, kept_by, truth_about
from victimcare.domain.calendar import london_date
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.domain.watches import Watch
from victimcare.notices.channel import Notice
from victimcare.notices.texts import Owed, reminder
from victimcare.store import outbox, staff
from victimcare.store.outbox import Leased
from victimcare.store.watching import Watched

_NO_INBOX = "nobody is here to hear it, and the team has no inbox"
_NOT_INBOX = "nobody who may see the case is here to hear it, and whoever reads the inbox need not be one"


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
    who = kept_by(connection, item, duty, truth.who_hear(item, duty), now=now)
    if who is None:
        outbox.settle(connection, item, status="cancelled", error=HEARD_BY_OTHERS)
        return None
    address, why = item.address, NO_ADDRESS
    if who.person_id is None and truth.lists_of(duty).bar_somebody:
        address, why = None, _NOT_INBOX
    elif who.person_id is None:
        address, why = staff.inbox_of(connection, duty.holder_team_id), _NO_INBOX
    if not address:
        outbox.settle(connection, item, status="failed", error=why)
        return None
    if not outbox.begin(connection, item, now=now, until=until):
        return None
    subject, body = reminder(who, case_ref=duty.ref, owed=_owed(duty, law), due_on=duty.due_on, today=london_date(now))
    return Notice(item.reference, address, subject, body, now)


def _owed(duty: Any, law: Law) -> Owed:
    if isinstance(duty, Watched):
        return Owed(Watch(duty.rule).in_words)
    rule = law.code.edition(duty.edition).rule(duty.rule)
    return Owed(rule.marked_title, rule.right)

"""What somebody's digest comes to at the moment at which it is to be sent: what is still true, and still theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.asked_anew import HEARD_ALREADY, NO_ADDRESS, NO_LONGER_TRUE, truth_about
from victimcare.domain.calendar import london_date
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.notices.channel import Notice
from victimcare.notices.texts import DigestEntry, digest
from victimcare.store import digests, outbox
from victimcare.store.outbox import Leased

_NOTHING_LEFT = "nothing was left to tell"


def begin_digest(
    connection: Connection, *, item: Leased, law: Law, ladder: Ladder, now: datetime, until: datetime
) -> Notice | None:
    """The digest to send now; from this moment on it is under way, `until` which it is not taken for lost.

    What somebody else is to hear by now leaves by itself. None where nothing is left to tell, where nobody may be sent
    anything at this time, and where it cannot go.
    """
    opens_at = ladder.hours.next_open(now, law.calendar)
    if opens_at > now:
        outbox.hold(connection, item, until=opens_at)
        return None
    if not item.address:
        outbox.settle(connection, item, status="failed", error=NO_ADDRESS)
        return None
    if not outbox.begin(connection, item, now=now, until=until):
        return None
    # From here on nothing more gets into it.
    entries = _still_theirs(connection, item, law, ladder, now)
    if not entries:
        outbox.settle(connection, item, status="cancelled", error=_NOTHING_LEFT)
        return None
    subject, body = digest(entries, today=london_date(now))
    return Notice(item.reference, item.address, subject, body, now)


def _still_theirs(connection: Connection, item: Leased, law: Law, ladder: Ladder, now: datetime) -> list[DigestEntry]:
    """What is told; it is under way with the digest, and what is not told is taken out."""
    notices = digests.waiting_in(connection, item.id)
    truth = truth_about(connection, notices, law=law, ladder=ladder, now=now)
    told: dict[int, DigestEntry] = {}
    untrue: list[int] = []
    heard: list[int] = []
    for notice in notices:
        duty = truth.duty_of(notice)
        if duty is None:
            untrue.append(notice.id)
            continue
        who = truth.who_hears(notice, duty)
        team_id = duty.holder_team_id if who.person_id is None else None
        if who.person_id == item.recipient_id:
            told[notice.id] = DigestEntry(who, duty.ref, duty.due_on)
        elif outbox.give_to(connection, notice, recipient_id=who.person_id, team_id=team_id):
            digests.let_go_alone(connection, notice.id, now=now)
        else:
            heard.append(notice.id)
    digests.cancel(connection, untrue, why=NO_LONGER_TRUE)
    digests.cancel(connection, heard, why=HEARD_ALREADY)
    digests.begin(connection, list(told))
    return list(told.values())

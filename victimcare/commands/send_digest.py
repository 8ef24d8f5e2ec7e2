"""What somebody's digest comes to at the moment at which it is to be sent: what is still true, and still theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.asked_anew import HEARD_BY_OTHERS, NO_ADDRESS, NO_LONGER_TRUE, kept_by, truth_about
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
    not_told: dict[str, list[int]] = {NO_LONGER_TRUE: [], HEARD_BY_OTHERS: []}
    for notice in notices:
        duty = truth.duty_of(notice)
        who = kept_by(connection, notice, duty, truth.who_hear(notice, duty), now=now) if duty else None
        if who is not None:
            told[notice.id] = DigestEntry(who, duty.ref, duty.due_on)
        else:
            not_told[HEARD_BY_OTHERS if duty else NO_LONGER_TRUE].append(notice.id)
    for why, ids in not_told.items():
        digests.cancel(connection, ids, why=why)
    digests.begin(connection, list(told))
    return list(told.values())

"""Deliver what waits in the outbox: notices to staff, messages to victims (`send_message`), referrals to services
(`send_referral`).

Each is leased, then sent with no transaction open, then settled:

with writing: items = lease_notices(...)
with writing: notice = begin_sending(item)      None: no longer true, or no longer ours
              now_ready(item)
channel.send(notice)
with writing: record_result(item, ...)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from victimcare.commands.ask_agencies import begin_asking
from victimcare.commands.asked_anew import NO_ADDRESS
from victimcare.commands.list_for_board import begin_list
from victimcare.commands.send_digest import begin_digest
from victimcare.commands.send_message import Post, begin_message, record_gone
from victimcare.commands.send_referral import begin_referral, record_referral_gone
from victimcare.commands.send_reminder import begin_reminder
from victimcare.commands.tell_keepers import TO_KEEPERS, begin_telling
from victimcare.commands.watch_incidents import INCIDENT_CLOCK, begin_incident
from victimcare.domain.emergency_access import Alert
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.domain.position import ACCESS_GIVEN
from victimcare.domain.snooping import SIGN_FOUND
from victimcare.notices.channel import Delivery, Notice, NotSent, Outcome, OutcomeUnknown
from victimcare.notices.texts import access_given, alert, sign_found
from victimcare.store import audit, digests, outbox, staff
from victimcare.store.outbox import Leased
from victimcare.store.staff import SYSTEM
from victimcare.store.unsent import WATCHES_ACCESS

LEASE = timedelta(minutes=10)
"""Longer than a channel may take for one notice: after it the worker counts as dead."""
_SOON = timedelta(seconds=30)
REMEMBERED_FOR = timedelta(days=5)
"""Since it was written. A provider that forgets after seven days would say of a later one that it never had it."""
_NOT_FOR_THEM = "the recipient must not see this case any more"
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, *[240] * 20))
"""After each attempt that failed; three and a half days in all, so that a weekend without mail loses nothing."""


def lease_notices(connection: Connection, *, now: datetime, limit: int = 20) -> list[Leased]:
    """Take notices whose time has come under this worker's lease."""
    return outbox.lease(connection, now=now, until=now + LEASE, limit=limit)


def lease_interrupted(connection: Connection, *, now: datetime, limit: int = 20) -> list[Leased]:
    """Take notices whose worker died while sending, to find out what became of them."""
    return outbox.lease_interrupted(connection, now=now, until=now + LEASE, limit=limit)


def give_back(connection: Connection, *, items: Sequence[Leased], now: datetime) -> None:
    """Let go of notices that were leased and not begun."""
    for item in items:
        outbox.settle(connection, item, status="waiting", next_try_at=now + PAUSES[0])


def begin_sending(
    connection: Connection,
    *,
    item: Leased,
    law: Law,
    ladder: Ladder,
    now: datetime,
    post: Post | None = None,
    own_agency: str = "police",
) -> Notice | None:
    """The notice to send now, or None: it is no longer true and so cancelled, cannot be sent, or is not ours."""
    if item.message_id is not None or item.referral_id is not None:
        return _begin_outward(connection, item, post, law, now)
    if item.agency is not None:
        return begin_asking(
            connection, item=item, law=law, ladder=ladder, now=now, until=now + LEASE, own_agency=own_agency
        )
    if item.step in WATCHES_ACCESS:
        return _begin_alert(connection, item, now)
    if item.step == INCIDENT_CLOCK:
        return begin_incident(connection, item=item, now=now, until=now + LEASE)
    if item.step in TO_KEEPERS:
        return begin_telling(connection, item=item, law=law, ladder=ladder, now=now, until=now + LEASE)
    if item.step == outbox.MONTHLY_LIST:
        return begin_list(
            connection, item=item, law=law, ladder=ladder, now=now, until=now + LEASE, own_agency=own_agency
        )
    begin = begin_digest if item.step == outbox.DIGEST else begin_reminder
    return begin(connection, item=item, law=law, ladder=ladder, now=now, until=now + LEASE)


def _begin_alert(connection: Connection, item: Leased, now: datetime) -> Notice | None:
    """What others are told of access: true for ever, so it is sent however late."""
    if item.recipient_excluded:
        outbox.settle(connection, item, status="cancelled", error=_NOT_FOR_THEM)
    elif not item.address:
        outbox.settle(connection, item, status="failed", error=NO_ADDRESS)
    elif outbox.begin(connection, item, now=now, until=now + LEASE):
        return Notice(item.reference, item.address, *_told_by(connection, item), now)
    return None


def _told_by(connection: Connection, item: Leased) -> tuple[str, str]:
    if item.step == SIGN_FOUND:
        return sign_found(item.start_key)
    if item.step == ACCESS_GIVEN:
        others = digests.gather(connection, item)
        digests.begin(connection, [other.id for other in others])
        ids = dict.fromkeys(each.start_key.split()[0] for each in (item, *others))
        return access_given([(who.name, who.role) for who in (staff.person(connection, each) for each in ids)])
    return alert(Alert(item.step), case_ref=item.case_ref or "")


def now_ready(connection: Connection, *, item: Leased, began_at: datetime, now: datetime) -> None:
    """What took long to make ready, as a digest of thousands does, has all of its lease left to be sent in.

    For the transaction of `begin_sending`: else somebody could take its worker for dead who only now begins to send it.
    """
    if now - began_at > _SOON:
        outbox.prolong(connection, item, until=now + LEASE)


def record_result(
    connection: Connection,
    *,
    item: Leased,
    trouble: NotSent | OutcomeUnknown | None,
    law: Law,
    now: datetime,
    post: Post | None = None,
    confirms: bool = False,
) -> None:
    """Record that it was sent, or what came in between: then it is tried again after a pause, up to the last.

    A channel that `confirms` can be asked later: what nobody knows now is asked of it when the lease is over.
    """
    attempts = item.attempts + 1
    if trouble is None:
        _record_sent(connection, item, law, now, post, confirms)
    elif isinstance(trouble, OutcomeUnknown):
        asked_later = {"lease_until": now + LEASE, "next_try_at": now + LEASE} if confirms else {}
        outbox.settle(connection, item, status="outcome_unknown", error=trouble.why, **asked_later)
    elif trouble.for_good or attempts > len(PAUSES):
        outbox.settle(connection, item, status="failed", error=trouble.why)
    else:
        next_try_at = now + PAUSES[attempts - 1]
        outbox.settle(connection, item, status="waiting", next_try_at=next_try_at, error=trouble.why)


def settle_interrupted(
    connection: Connection,
    *,
    item: Leased,
    outcome: Outcome,
    law: Law,
    now: datetime,
    post: Post | None = None,
    confirms: bool = False,
) -> None:
    """Record what the channel says of a notice whose sender died, or got no answer.

    A channel that `confirms` and cannot say now is asked again, for as long as it remembers. Where nobody can say, it
    stays "outcome unknown" and is not sent again: the worklist shows the duty anyway.
    """
    if outcome is Outcome.SENT:
        _record_sent(connection, item, law, now, post, confirms)
    elif outcome is Outcome.NOT_SENT and item.attempts <= len(PAUSES):
        outbox.settle(connection, item, status="waiting", next_try_at=now)
    elif outcome is Outcome.UNKNOWN and confirms and now - item.created_at < REMEMBERED_FOR:
        outbox.settle(connection, item, status="outcome_unknown", lease_until=now + LEASE, next_try_at=now + LEASE)
    else:
        status = "outcome_unknown" if outcome is Outcome.UNKNOWN else "failed"
        outbox.settle(connection, item, status=status, error="the sender stopped while sending")


def _begin_outward(connection: Connection, item: Leased, post: Post | None, law: Law, now: datetime) -> Notice | None:
    """The message to the victim, or the referral, to send now."""
    if post is None:
        outbox.settle(connection, item, status="failed", error="this process cannot open contact details")
        return None
    if not outbox.begin(connection, item, now=now, until=now + LEASE):
        return None
    if item.referral_id is not None:
        return begin_referral(connection, item=item, referral_id=item.referral_id, post=post, law=law, now=now)
    return begin_message(connection, item=item, message_id=item.message_id or "", post=post, now=now)


def _record_sent(
    connection: Connection, item: Leased, law: Law, now: datetime, post: Post | None, confirms: bool
) -> None:
    delivery = Delivery.ACCEPTED.value if confirms else None
    outbox.settle(connection, item, status="sent", sent_at=now, delivery=delivery, error=None)
    if item.referral_id is not None:
        record_referral_gone(connection, referral_id=item.referral_id, now=now, law=law)
    elif item.message_id is None:
        audit.write(
            connection,
            at=now,
            operation="disclosure",
            what=f"send notice {item.step}",
            person=SYSTEM,
            case_ids=[item.case_id] if item.case_id is not None else digests.cases_in(connection, item.id),
            recipient=item.agency or "staff",
        )
    elif post is not None:
        record_gone(connection, message_id=item.message_id, now=now, law=law, vault=post.vault)

"""Tell the systems of agencies what waits for them.

with writing: items = lease_events(...)
with writing: message = begin_telling_system(item)      None: it may not read it any more, or it is not ours
channel.send(message)                                   with no transaction open
with writing: record_attempt(item, ...)

It is at least once: a sender that dies in between sends it again under the same id, which whoever is told knows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection
from standardwebhooks import Webhook

from victimcare.commands.tell_keepers import tell_of_stopped
from victimcare.commands.tell_services import lies_with
from victimcare.domain.events_out import KEPT_FOR, OF_REFERRALS, PAUSES, STOPPED_AFTER, Told, cloud_event
from victimcare.domain.people import Action, Person, may
from victimcare.notices.event_channel import Answered, Signed
from victimcare.store import api_clients, audit, cases, outgoing_referrals, webhook_events, webhooks
from victimcare.store.concerned import holder_for_agency
from victimcare.store.staff import SYSTEM, ensure_system
from victimcare.store.vault import Vault
from victimcare.store.webhook_events import ToTell
from victimcare.store.webhooks import StoredWebhook

LEASE = timedelta(minutes=10)
"""Longer than a run may take: after it the worker counts as dead."""
_NOT_TRIED = timedelta(minutes=1)
MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"


def lease_events(connection: Connection, *, now: datetime, limit: int = 20) -> list[ToTell]:
    """Take what is to be told now under this worker's lease."""
    return webhook_events.lease(connection, now=now, until=now + LEASE, limit=limit)


def give_back_events(connection: Connection, *, items: Sequence[ToTell], now: datetime) -> None:
    """Let go of what was leased and not tried: that was no attempt."""
    for item in items:
        webhook_events.settle(connection, item, status="waiting", at=now + _NOT_TRIED)


def begin_telling_system(connection: Connection, *, item: ToTell, now: datetime, vault: Vault) -> Signed | None:
    """What to send now, written down as disclosed before it leaves; None where it is not to be sent.

    Whether the system may read the case is asked anew. Raises `DoesNotOpen`.
    """
    client, stored = api_clients.client(connection, item.person_id), webhooks.load(connection, item.person_id)
    if client is None or stored is None or not webhook_events.still_leased(connection, item):
        return None
    if stored.status != webhooks.ON or not stored.has_secret:
        webhook_events.settle(connection, item, status="failed", at=now)
        return None
    wanted = item.kind is Told.TEST or item.kind in webhooks.kinds_for(stored.kinds, client.scopes)
    if client.disabled or not wanted or not _may_read(connection, item, client.person):
        webhook_events.settle(connection, item, status="cancelled", at=now)
        return None
    ensure_system(connection)
    audit.write(
        connection,
        at=now,
        operation="disclosure",
        what=f"tell system {item.person_id} of {item.kind.value}",
        person=SYSTEM,
        case_ids=[item.case_id] if item.case_id is not None else [],
        recipient=_recipient(client.person),
    )
    return _signed(item, stored, vault, now)


def record_attempt(connection: Connection, *, item: ToTell, came: Answered, now: datetime) -> bool:
    """Write down what came of it, and when it is tried again, if it is; whether the system is told nothing any more."""
    webhook_events.note_attempt(
        connection, item, at=now, outcome=came.outcome, status=came.status, milliseconds=came.milliseconds
    )
    stored = webhooks.locked(connection, item.person_id)
    attempts = item.attempts + 1
    if came.is_taken:
        webhook_events.settle(connection, item, status="delivered", at=now, attempts=attempts)
        if stored is not None and stored.failing_since is not None:
            webhooks.note_failing(connection, item.person_id, None)
        return False
    if attempts <= len(PAUSES):
        next_try_at = now + PAUSES[attempts - 1]
        webhook_events.settle(connection, item, status="waiting", at=next_try_at, attempts=attempts)
    else:
        webhook_events.settle(connection, item, status="failed", at=now, attempts=attempts)
    return stored is not None and stored.status == webhooks.ON and _failed(connection, stored, came, now)


def forget_old_events(connection: Connection, *, now: datetime) -> None:
    """Forget what was told, or was not, longer ago than pages show it."""
    webhook_events.forget_before(connection, now - KEPT_FOR)


def _failed(connection: Connection, stored: StoredWebhook, came: Answered, now: datetime) -> bool:
    since = stored.failing_since or now
    if not came.is_gone and now - since < STOPPED_AFTER:
        webhooks.note_failing(connection, stored.person_id, since)
        return False
    status = webhooks.GONE if came.is_gone else webhooks.FAILING
    webhooks.set_status(connection, stored.person_id, status, at=now)
    webhook_events.give_up(connection, stored.person_id)
    tell_of_stopped(connection, client_id=stored.person_id, now=now)
    what = f"stop telling system {stored.person_id}: {status}"
    audit.write(connection, at=now, operation="access", what=what, person=SYSTEM)
    return True


def _may_read(connection: Connection, item: ToTell, system: Person) -> bool:
    if item.kind is Told.TEST:
        return True
    try:
        if item.kind in OF_REFERRALS:
            referral = outgoing_referrals.load(connection, str(item.subject))
            return lies_with(connection, referral, cases.look_at(connection, referral.case_ref), system)
        stored = cases.look_at(connection, str(item.subject))
    except (outgoing_referrals.NoSuchOutgoing, cases.NoSuchCase):
        return False
    holder = holder_for_agency(connection, system, stored.id, stored.case, stored.holder)
    return may(system, Action.SEE_FOR_AGENCY, holder)


def _recipient(system: Person) -> str:
    return f"agency {system.agency}" if system.agency is not None else f"service {system.service_id}"


def _signed(item: ToTell, stored: StoredWebhook, vault: Vault, now: datetime) -> Signed:
    """As the Standard Webhooks specification has it: the id stays the same, the time is that of the attempt."""
    said = cloud_event(event_id=item.id, kind=item.kind, subject=item.subject, at=item.created_at)
    body = json.dumps(said, separators=(",", ":"))
    signatures = [Webhook(one).sign(item.id, now, body) for one in webhooks.secrets_of(stored, vault, at=now)]
    headers = {
        "Content-Type": MEDIA_TYPE,
        "User-Agent": "victimcare",
        "webhook-id": item.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return Signed(stored.url, headers, body.encode())

"""A provider tells what became of a notice that it took. What did not arrive has told the victim nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from victimcare.commands.record_contact import NewContact, record_contact
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction
from victimcare.domain.law import Law
from victimcare.notices.channel import Delivery
from victimcare.store import audit, cases, feedback, messages, outbox
from victimcare.store.cases import NoSuchCase
from victimcare.store.staff import SYSTEM

ASKED_FOR = timedelta(days=5)
"""A provider tries for three days, and forgets after seven."""
ASKED_AFTER = timedelta(minutes=5)
UNDELIVERED = "It was sent and did not arrive: is the address right? Reach the victim another way"
"""What whoever wrote a message reads."""
UNDELIVERED_HERE = "It was sent and did not arrive: is the e-mail address on the People page right?"
"""What administrators read of a notice to staff."""


def deliveries_to_ask(connection: Connection, *, now: datetime) -> list[str]:
    """The references of what a provider took, has not told of, and can still be asked about."""
    return outbox.unconfirmed(connection, since=now - ASKED_FOR, until=now - ASKED_AFTER)


def tell_delivery(connection: Connection, *, reference: str, delivery: Delivery, now: datetime, law: Law) -> bool:
    """Keep what the provider tells of this notice; whether it was news. Told again, or late, it changes nothing.

    A message that did not arrive was no contact: that is corrected, an attempt is recorded in its place, and what it
    had answered is owed again. It stands among what did not leave, until somebody puts it aside.
    """
    taken = outbox.taken_by_provider(connection, reference)
    if taken is None or delivery is Delivery.ACCEPTED or taken.delivery != Delivery.ACCEPTED:
        return False
    if delivery is Delivery.DELIVERED:
        outbox.tell_delivery(connection, taken, delivery.value, at=now)
    else:
        to_staff = taken.message_id is None and taken.referral_id is None
        why = UNDELIVERED_HERE if to_staff else UNDELIVERED
        outbox.tell_delivery(connection, taken, delivery.value, at=now, status="failed", error=why)
        if taken.message_id is not None:
            _was_no_contact(connection, taken.message_id, now=now, law=law)
    case_ids = [taken.case_id] if taken.case_id is not None else []
    what = f"notice {delivery.value.replace('_', ' ')}"
    audit.write(connection, at=now, operation="alteration", what=what, person=SYSTEM, case_ids=case_ids)
    return True


def _was_no_contact(connection: Connection, message_id: str, *, now: datetime, law: Law) -> None:
    ref, key = messages.contact_of(connection, message_id)
    if key is None:
        messages.settle(connection, message_id, gone_at=None)
        feedback.take_back(connection, message_id=message_id, by=SYSTEM.id, at=now)
        return
    messages.settle(connection, message_id, event_key=None)
    try:
        chain = cases.load(connection, ref).case.journey.chains()[key]
    except NoSuchCase:
        return  # disposed of since
    if not chain.happened:
        return  # somebody has corrected it already
    contact = chain.current
    wrong = NewEvent(
        kind=EventKind.CONTACT_MADE,
        happened=contact.happened,
        details=contact.details,
        duties=contact.duties,
        corrects=contact.key,
        correction=Correction.NEVER_HAPPENED,
    )
    record_event(connection, ref=ref, event=wrong, by=SYSTEM, now=now, law=law)
    attempt = NewContact(contact.happened, str(contact.details["channel"]), reached=False)
    record_contact(connection, ref=ref, contact=attempt, by=SYSTEM, now=now, law=law)

"""Let the system of a service be told of referrals that lie with it, in the transaction in which that changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.agencies import SUPPORT_SERVICE
from victimcare.domain.events_out import Told
from victimcare.domain.journey import Journey
from victimcare.domain.people import Action, Person, may
from victimcare.domain.referral import support_of
from victimcare.store import outgoing_referrals, webhook_events, webhooks
from victimcare.store.cases import StoredCase, look_at
from victimcare.store.concerned import holder_for_agency
from victimcare.store.outgoing_referrals import StoredOutgoing


def tell_of_sent(connection: Connection, *, referral_id: str, now: datetime) -> None:
    """A referral lies with its service since now."""
    referral = outgoing_referrals.load(connection, referral_id)
    _tell(connection, referral, look_at(connection, referral.case_ref), Told.REFERRAL_SENT, now)


def tell_of_steps(connection: Connection, *, before: Journey, after: StoredCase, by: Person, now: datetime) -> None:
    """Somebody else than its service recorded how far a referral of this case has come."""
    was, now_is = support_of(before), support_of(after.case.journey)
    steps = {each.key: each.steps for each in was.referrals}
    moved = [each.key for each in now_is.referrals if each.key in steps and each.steps != steps[each.key]]
    for referral in outgoing_referrals.sent_by(connection, case_id=after.id, event_keys=moved):
        if by.service_id != referral.service_id:
            _tell(connection, referral, after, Told.REFERRAL_CHANGED, now)


def lies_with(connection: Connection, referral: StoredOutgoing, stored: StoredCase, by: Person) -> bool:
    """Whether the system may read this referral of this case now."""
    holder = holder_for_agency(connection, by, stored.id, stored.case, stored.holder)
    known = replace(holder, referred_to=outgoing_referrals.services_with(connection, stored.id))
    theirs = outgoing_referrals.lies_with(referral, stored.case.journey, by.service_id)
    return theirs and may(by, Action.SEE_REFERRAL, known)


def _tell(connection: Connection, referral: StoredOutgoing, stored: StoredCase, kind: Told, now: datetime) -> None:
    for hearer in webhooks.hearers(connection, [SUPPORT_SERVICE], service_id=referral.service_id):
        if kind in hearer.kinds and lies_with(connection, referral, stored, hearer.person):
            whom = hearer.person.id
            webhook_events.add(connection, whom, [kind], subject=referral.id, case_id=stored.id, at=now)

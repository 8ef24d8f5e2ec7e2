"""Referrals of the demonstration that lie with a service now, with what went with each for its people to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection

from victimcare.domain.calendar import london_date
from victimcare.domain.law import Law
from victimcare.domain.referral import Referral, support_of
from victimcare.domain.referral_content import Agreed, ReferralDocument, hash_of
from victimcare.editions.force_policy import published_policy
from victimcare.editions.referral_policy import published_referral_policy
from victimcare.exchange.demonstration.services import SPECIALIST, SPECIALIST_ID
from victimcare.store import outgoing_referrals
from victimcare.store.cases import StoredCase
from victimcare.store.known_for_referral import way_of
from victimcare.store.outgoing_referrals import NewOutgoing
from victimcare.store.support import SupportFile, SupportRules, support_file
from victimcare.store.vault import Vault

_LATELY = timedelta(days=60)


def lay_with_service(
    connection: Connection, stored: Sequence[StoredCase], *, at: datetime, law: Law, vault: Vault
) -> None:
    """Keep what went with the open referrals of these cases to the service that has an account, those of late."""
    rules = SupportRules(law, published_referral_policy(), published_policy(), vault)
    for case in stored:
        support = support_of(case.case.journey)
        for referral in support.referrals:
            lately = london_date(at) - referral.steps[0].on <= _LATELY
            if referral.service == SPECIALIST and lately and support.lies_with_its_service(referral.key):
                file = support_file(connection, case.id, case.case.journey, now=at, rules=rules)
                _keep(connection, case, referral, file, vault)


def _keep(connection: Connection, case: StoredCase, referral: Referral, file: SupportFile, vault: Vault) -> None:
    sent_on = referral.steps[0].on
    new = NewOutgoing(SPECIALIST_ID, by_email=False, guardian_agreed=False, told_no_safe_way=not file.ways)
    noon = datetime.combine(sent_on, time(12), UTC)
    by = case.case.holder.officer_id
    made = outgoing_referrals.add(connection, case_id=case.id, new=new, by=by, at=noon)
    content = file.content(Agreed(True, file.support.answered_on or sent_on), sent_on=sent_on)
    ways = tuple(way_of(connection, case.id, point, vault) for point in file.ways)
    document = ReferralDocument(SPECIALIST, f"referral-{made}", content, ways)
    outgoing_referrals.keep_document(connection, made, document, [point.id for point in file.ways], vault)
    noted = {"fields": ",".join(name for name, _ in content), "content_hash": hash_of(content)}
    outgoing_referrals.settle(connection, made, **noted, printed_at=noon, event_key=referral.key)

"""The way to support of one case, for whoever may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from victimcare.domain.calendar import london_date
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.domain.referral_policy import ReferralPolicy
from victimcare.queries.leaving import OutgoingView, outgoing_of
from victimcare.queries.scope import case_row
from victimcare.store.journeys import journeys_of
from victimcare.store.services import SENT
from victimcare.store.support import SupportFile, SupportRules, support_file
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class SentFields:
    """What of a case went: the names of the fields, the hash of all their words, and when it was made to go."""

    fields: tuple[str, ...]
    content_hash: str
    told_no_safe_way: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class SupportPage:
    """The support file as of today, what was sent, by the key of the referral, and what has not left yet."""

    file: SupportFile
    sent: Mapping[str, SentFields]
    outgoing: tuple[OutgoingView, ...]
    today: date

    def is_on_its_way_to(self, service_id: str) -> bool:
        """Whether a referral to this service is still to leave."""
        return any(referral.service_id == service_id for referral in self.outgoing)


def support_page(
    connection: Connection,
    *,
    person: Person,
    ref: str,
    now: datetime,
    law: Law,
    policy: ReferralPolicy,
    contact: ForcePolicy,
    vault: Vault,
) -> SupportPage:
    """The way to support of the case of this reference. Raises `NoSuchCase`, `DoesNotOpen`."""
    row = case_row(connection, person, ref, Action.SEE_FILE)
    journey = journeys_of(connection, {row.id: row.ref})[row.id]
    rules = SupportRules(law, policy, contact, vault)
    file = support_file(connection, row.id, journey, now=now, rules=rules)
    sent = {
        found.event_key: SentFields(
            tuple(found.fields.split(",")), found.content_hash, found.told_no_safe_way, found.sent_at
        )
        for found in connection.execute(select(SENT).where(SENT.c.case_id == row.id))
    }
    return SupportPage(file, sent, outgoing_of(connection, row.id), london_date(now))

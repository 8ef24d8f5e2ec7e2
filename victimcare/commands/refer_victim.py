"""Refer a victim to a service of the directory: the agreed fields go, and what went is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import NewEvent, open_for, record_event
from victimcare.domain.case import EventRefused
from victimcare.domain.directory import Match
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.journey import DutyNamed, Moment
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.domain.referral import Support
from victimcare.domain.referral_content import Agreed, hash_of
from victimcare.domain.referral_policy import ReferralPolicy
from victimcare.domain.sending_referrals import Said, hindrance
from victimcare.store import audit, services
from victimcare.store.services import NoSuchService
from victimcare.store.support import support_file

__all__ = ["NewReferral", "NoSuchService", "refer_victim"]


@dataclass(frozen=True, slots=True)
class NewReferral:
    """To which service, when, and what the person who sends it says; `answers` are the duties that it answers."""

    service_id: str
    happened: Moment
    said: Said
    answers: Sequence[DutyNamed] = ()


def refer_victim(
    connection: Connection,
    *,
    ref: str,
    referral: NewReferral,
    policy: ReferralPolicy,
    contact: ForcePolicy,
    by: Person,
    now: datetime,
    law: Law,
    seen_version: int | None = None,
) -> str:
    """Record the offer and the answer where they are new, and the referral as sent; returns the key of that event.

    Raises `EventRefused` where something is missing or speaks against it, `NoSuchService`, and what `record_event`
    raises.
    """
    stored = open_for(connection, ref, by, Action.RECORD_EVENT)
    file = support_file(connection, stored.id, stored.case.journey, now=now, law=law, policy=policy, contact=contact)
    match = file.match(referral.service_id)
    against = hindrance(file.support, match, file.asked(match), referral.said)
    if against is not None:
        raise EventRefused(EventKind.REFERRAL_SENT, *against)
    key = ""
    for event in _events(file.support, match, referral):
        key = record_event(connection, ref=ref, event=event, by=by, now=now, law=law, seen_version=seen_version)
        seen_version = None
    agreed = agreed_on(file.support, referral.said, referral.happened)
    content = file.content(agreed, sent_on=referral.happened.on)
    services.add_sent(
        connection,
        event_key=key,
        case_id=stored.id,
        service_id=match.service.id,
        fields=[name for name, _ in content],
        content_hash=hash_of(content),
        told_no_safe_way=not file.known.safe_ways,
        by=by.id,
        at=now,
    )
    audit.write(connection, at=now, operation="disclosure", what="send referral", person=by, case_ids=[stored.id])
    return key


def agreed_on(support: Support, said: Said, happened: Moment) -> Agreed:
    """On what a referral rests that is sent now: an earlier agreement, one given now, or none."""
    guardian = support.guardian_agreed or said.guardian_agreed
    if support.agreed and support.answered_on is not None:
        return Agreed(True, support.answered_on, guardian)
    return Agreed(said.victim_agreed, happened.on, guardian)


def _events(support: Support, match: Match, referral: NewReferral) -> list[NewEvent]:
    said, happened = referral.said, referral.happened
    new_answer = said.victim_agreed and not support.agreed
    guardian_too = said.guardian_agreed and not support.guardian_agreed
    events = []
    if new_answer or (said.specialist_offered and not support.specialist_offered):
        specialist = said.specialist_offered or match.specialist
        details = {"specialist_offered": True} if specialist else {}
        events.append(NewEvent(EventKind.REFERRAL_OFFERED, happened, details=details))
    if new_answer or (guardian_too and support.agreed):
        details = {"guardian_consented": True} if said.guardian_agreed else {}
        events.append(NewEvent(EventKind.REFERRAL_CONSENTED, happened, details=details))
    events.append(NewEvent(EventKind.REFERRAL_SENT, happened, subject=match.service.name, duties=referral.answers))
    return events

"""Refer a victim to a service of the directory: what they said is recorded at once, that it was sent once it left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import NewEvent, open_for, record_event
from victimcare.domain.calendar import london_date
from victimcare.domain.case import EventRefused
from victimcare.domain.directory import Delivery, Match
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.journey import DutyNamed, Moment
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.domain.referral import Support
from victimcare.domain.referral_content import Agreed
from victimcare.domain.referral_policy import ReferralPolicy
from victimcare.domain.sending_referrals import Said, hindrance
from victimcare.store import audit, outbox, outgoing_referrals
from victimcare.store.outgoing_referrals import NewOutgoing
from victimcare.store.services import NoSuchService
from victimcare.store.support import SupportFile, SupportRules, support_file
from victimcare.store.vault import Vault

__all__ = ["NewReferral", "NoSuchService", "refer_victim"]


@dataclass(frozen=True, slots=True)
class NewReferral:
    """To which service, and what the person who sends it says; `answers` are the duties that it answers."""

    service_id: str
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
    vault: Vault,
    seen_version: int | None = None,
) -> str:
    """Record the offer and the answer where they are new, and put the referral on its way; its id.

    To a service that takes sealed e-mails it leaves by the outbox, else it waits to be printed and handed over.
    Raises `EventRefused` where something is missing or speaks against it, `NoSuchService`, and what `record_event`
    raises.
    """
    stored = open_for(connection, ref, by, Action.RECORD_EVENT)
    rules = SupportRules(law, policy, contact, vault)
    file = support_file(connection, stored.id, stored.case.journey, now=now, rules=rules)
    match = file.match(referral.service_id)
    _refuse_hindered(connection, file, match, referral.said)
    for event in _said_now(file.support, match, referral.said, Moment.instant(now)):
        record_event(connection, ref=ref, event=event, by=by, now=now, law=law, seen_version=seen_version)
        seen_version = None
    new = NewOutgoing(
        service_id=match.service.id,
        by_email=match.service.delivery is Delivery.EMAIL,
        guardian_agreed=referral.said.guardian_agreed,
        told_no_safe_way=referral.said.service_told_no_safe_way,
        answers=referral.answers,
    )
    referral_id = outgoing_referrals.add(connection, case_id=stored.id, new=new, by=by.id, at=now)
    if new.by_email:
        outbox.add_referral(connection, referral_id=referral_id, case_id=stored.id, on=london_date(now), now=now)
    audit.write(connection, at=now, operation="alteration", what="refer victim", person=by, case_ids=[stored.id])
    return referral_id


def agreed_on(support: Support, said: Said, on: date) -> Agreed:
    """On what a referral rests that leaves on this London date: an earlier agreement, one given now, or none."""
    guardian = support.guardian_agreed or said.guardian_agreed
    if support.agreed and support.answered_on is not None:
        return Agreed(True, support.answered_on, guardian)
    return Agreed(said.victim_agreed, on, guardian)


def _refuse_hindered(connection: Connection, file: SupportFile, match: Match, said: Said) -> None:
    if outgoing_referrals.is_on_its_way(connection, case_id=file.case_id, service_id=match.service.id):
        raise EventRefused(EventKind.REFERRAL_SENT, "", "A referral to this service is on its way already")
    against = hindrance(file.support, match, file.asked(match), said)
    if against is not None:
        raise EventRefused(EventKind.REFERRAL_SENT, *against)


def _said_now(support: Support, match: Match, said: Said, happened: Moment) -> list[NewEvent]:
    """The offer and the answer, where the journey has them not yet."""
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
    return events

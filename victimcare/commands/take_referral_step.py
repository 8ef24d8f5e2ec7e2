"""Record the next step of a referral, and that no service fits a victim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import NewEvent, open_for, record_event
from victimcare.domain.calendar import london_date
from victimcare.domain.case import EventRefused
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.journey import Moment, Value
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person, recording_by
from victimcare.domain.referral import Step, support_of
from victimcare.domain.referral_policy import ReferralPolicy
from victimcare.domain.support_needs import ANY_NEED
from victimcare.store.support import SupportRules, support_file
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class NewStep:
    """The step of the referral of this key; `reason` is a code where it is refused."""

    referral: str
    step: Step
    happened: Moment
    reason: str | None = None


def take_referral_step(
    connection: Connection,
    *,
    ref: str,
    step: NewStep,
    by: Person,
    now: datetime,
    law: Law,
    seen_version: int | None = None,
) -> str:
    """Record it and return the event's key.

    Raises `NoSuchReferral`, `EventRefused` for what cannot come next, and what `record_event` raises.
    """
    stored = open_for(connection, ref, by, recording_by(by, step.step.value))
    referral = support_of(stored.case.journey).referral(step.referral)
    kind = step.step.value
    if step.step not in referral.next_steps:
        raise EventRefused(kind, "happened", f"it cannot come after: {referral.now.in_words.lower()}")
    if step.happened.on < referral.now.on:
        raise EventRefused(kind, "happened", "it cannot have happened before the step before it")
    if step.step is Step.REFUSED and not step.reason:
        raise EventRefused(kind, "reason", "choose why it was refused")
    details: dict[str, Value] = {"reason": step.reason} if step.reason else {}
    event = NewEvent(kind, step.happened, subject=referral.service, details=details)
    return record_event(connection, ref=ref, event=event, by=by, now=now, law=law, seen_version=seen_version)


def record_gap(
    connection: Connection,
    *,
    ref: str,
    policy: ReferralPolicy,
    contact: ForcePolicy,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
    seen_version: int | None = None,
) -> Sequence[str]:
    """Record each need of the victim that no service meets today; returns the needs.

    Raises `EventRefused` where a service fits, and what `record_event` raises.
    """
    stored = open_for(connection, ref, by, Action.RECORD_EVENT)
    today = london_date(now)
    rules = SupportRules(law, policy, contact, vault)
    file = support_file(connection, stored.id, stored.case.journey, now=now, rules=rules)
    nobody = not any(match.fits for match in file.matches)
    needs = file.unmet or ((ANY_NEED,) if nobody else ())
    new = [need for need in needs if (need, today) not in file.support.gaps]
    if not new:
        why = "that is recorded already" if needs else "a service fits"
        raise EventRefused(EventKind.NO_SERVICE_FITS, "", why)
    for need in new:
        event = NewEvent(EventKind.NO_SERVICE_FITS, Moment.day(today), details={"need": need})
        record_event(connection, ref=ref, event=event, by=by, now=now, law=law, seen_version=seen_version)
        seen_version = None
    return new

"""How far a victim came on the way to support: the one answer that the board's referral figures count."""

from __future__ import annotations

from enum import StrEnum

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Journey
from victimcare.domain.referral import Answer, Step, support_of


class SupportReached(StrEnum):
    """The furthest step, in the order of the way; a referral that ended or was refused still came as far as it did.

    `NO_EVIDENCE`: the source of the case records no contacts, so nothing recorded later proves anything either way.
    """

    NO_EVIDENCE = "no_evidence"
    NOT_OFFERED = "not_offered"
    OFFERED = "offered"
    DECLINED = "declined"
    AGREED = "agreed"
    REFERRED = "referred"
    ACCEPTED = "accepted"
    CONTACTED = "contacted"
    STARTED = "started"

    @property
    def is_referred(self) -> bool:
        """Whether a referral was sent at all."""
        return self in REFERRED


REFERRED = (SupportReached.REFERRED, SupportReached.ACCEPTED, SupportReached.CONTACTED, SupportReached.STARTED)
"""Those who were referred, however far it led."""

NOT_REFERRED = (
    SupportReached.NOT_OFFERED,
    SupportReached.OFFERED,
    SupportReached.DECLINED,
    SupportReached.AGREED,
)
"""Those who were not, or not yet."""

_FURTHEST_FIRST = {
    Step.STARTED: SupportReached.STARTED,
    Step.CONTACTED: SupportReached.CONTACTED,
    Step.ACCEPTED: SupportReached.ACCEPTED,
    Step.SENT: SupportReached.REFERRED,
}
_ON_THE_WAY = {EventKind.REFERRAL_OFFERED, *(answer.value for answer in Answer), *(step.value for step in Step)}


def support_reached(journey: Journey) -> SupportReached:
    """How far this victim came; what was corrected away was never reached."""
    if any(event.kind is EventKind.CRIME_REPORTED and not event.contacts_recorded for event in journey.events):
        return SupportReached.NO_EVIDENCE
    if not any(event.kind in _ON_THE_WAY for event in journey.events):
        return SupportReached.NOT_OFFERED
    support = support_of(journey)
    taken = {step.step for referral in support.referrals for step in referral.steps}
    for step, reached in _FURTHEST_FIRST.items():
        if step in taken:
            return reached
    if support.answer is not None:
        return SupportReached.AGREED if support.answer is Answer.AGREED else SupportReached.DECLINED
    return SupportReached.NOT_OFFERED if support.offered_on is None else SupportReached.OFFERED

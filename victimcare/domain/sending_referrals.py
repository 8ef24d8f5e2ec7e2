"""Whether a referral may go to a service now, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass

from victimcare.domain.directory import Match
from victimcare.domain.referral import Support
from victimcare.domain.referral_policy import ReferralPolicy


@dataclass(frozen=True, slots=True)
class Said:
    """What the person who sends it says: each a thing that they did or asked."""

    victim_agreed: bool = False
    guardian_agreed: bool = False
    specialist_offered: bool = False
    service_told_no_safe_way: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What has to be said before a referral to one service may go: the form asks exactly these."""

    consent: bool
    guardian: bool
    specialist: bool
    no_safe_way: bool


def asked_before_sending(
    support: Support,
    match: Match,
    *,
    policy: ReferralPolicy,
    needs: frozenset[str],
    crime_type: str,
    age: int | None,
    has_safe_way: bool,
) -> Asked:
    """What must be said for this victim and this service, beside what the journey says already."""
    consent = policy.asks_first(needs, needs_asked=support.needs_asked_on is not None, crime_type=crime_type)
    return Asked(
        consent=consent,
        guardian=policy.needs_guardian(age),
        specialist=bool(needs & policy.consent_first_for) and not match.specialist and not support.specialist_offered,
        no_safe_way=not has_safe_way,
    )


def hindrance(support: Support, match: Match, asked: Asked, said: Said) -> tuple[str, str] | None:
    """Why it may not go, with the field to put right; None where it may. A no of the victim is stronger than a form."""
    if support.opted_out_on is not None:
        return "agreed", "The victim opted out of referral. Record first that they opted back in"
    if support.open_with(match.service.name):
        return "", "A referral to this service is open already"
    if support.declined and not said.victim_agreed:
        return "agreed", "The victim declined a referral. It can go only if they agree now"
    if asked.consent and not (support.agreed or said.victim_agreed):
        return "agreed", "The victim must be asked first, and agree"
    if asked.guardian and not (support.guardian_agreed or said.guardian_agreed):
        return "guardian", "A parent or guardian must agree first: the victim is too young to agree alone"
    if asked.specialist and not said.specialist_offered:
        return "specialist", "Offer a specialist service first"
    if asked.no_safe_way and not said.service_told_no_safe_way:
        return "no_safe_way", "No way to contact the victim is confirmed safe. Confirm one, or tell the service so"
    return None

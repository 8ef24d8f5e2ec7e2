"""One case as a referral sees it: the way to support so far, what is known, and how each service fits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, select

from victimcare.domain.calendar import london_date
from victimcare.domain.directory import Match, Wanted, age_on, matches, unmet_needs
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.journey import Journey
from victimcare.domain.law import Law
from victimcare.domain.referral import Support, support_of
from victimcare.domain.referral_content import WAYS, Agreed, KnownForReferral, content_of
from victimcare.domain.referral_policy import ReferralPolicy
from victimcare.domain.sending_referrals import Asked, asked_before_sending
from victimcare.domain.victim import tier_history, tier_on
from victimcare.store import protections, services
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.known_for_referral import SafePoint, known_for_referral, safe_points
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class SupportFile:
    """Everything that a referral of one case rests on, on one day. `unmet` are the needs that nobody meets.

    `ways` are the contact points at which a service may reach the victim; of a protected location there is none.
    """

    case_id: int
    area: str
    support: Support
    known: KnownForReferral
    needs: frozenset[str]
    age: int | None
    matches: tuple[Match, ...]
    unmet: tuple[str, ...]
    policy: ReferralPolicy
    ways: tuple[SafePoint, ...]

    def match(self, service_id: str) -> Match:
        """How this service fits. Raises `NoSuchService`."""
        found = next((match for match in self.matches if match.service.id == service_id), None)
        if found is None:
            raise services.NoSuchService
        return found

    def asked(self, match: Match) -> Asked:
        """What must be said before a referral to this service may go."""
        return asked_before_sending(
            self.support,
            match,
            policy=self.policy,
            needs=self.needs,
            crime_type=self.known.crime_type,
            age=self.age,
            has_safe_way=bool(self.known.safe_ways),
        )

    def content(self, agreed: Agreed, *, sent_on: date) -> tuple[tuple[str, str], ...]:
        """What goes."""
        return content_of(self.known, self.needs, agreed, sent_on=sent_on)


def support_file(
    connection: Connection,
    case_id: int,
    journey: Journey,
    *,
    now: datetime,
    law: Law,
    policy: ReferralPolicy,
    contact: ForcePolicy,
    vault: Vault,
) -> SupportFile:
    """The support file of a case that somebody may see or write to; `contact` is the policy on safe contact."""
    today = london_date(now)
    columns = (CASES.c.area, VICTIMS.c.language)
    joined = CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
    row = connection.execute(select(*columns).select_from(joined).where(CASES.c.id == case_id)).one()
    edition = law.code.in_force(today) or law.code.latest
    chains = [chain for chain in journey.chains().values() if chain.happened]
    tier = tier_on(tier_history(chains, default_tier=edition.default_tier), today)
    rights = edition.tier_title(tier.tier)
    protected = protections.current(connection, case_id) is not None
    known = known_for_referral(
        connection,
        case_id,
        journey,
        rights=rights,
        language=row.language,
        location_protected=protected,
        vault=vault,
    )
    support = support_of(journey)
    needs = support.needs | known.implied_needs
    asked = support.needs_asked_on is not None
    by_letter = policy.may_be_written_to(needs, needs_asked=asked, crime_type=known.crime_type)
    safe = () if protected else safe_points(connection, case_id, journey, now=now, contact=contact)
    ways = tuple(point for point in safe if by_letter or WAYS[point.kind] != "Letter")
    age = age_on(known.born_on, today) if known.born_on else None
    wanted = Wanted(row.area, needs, age, row.language, policy.consent_first_for)
    found = matches(services.current(connection), wanted)
    return SupportFile(
        case_id=case_id,
        area=row.area,
        support=support,
        known=replace(known, safe_ways=frozenset(point.kind for point in ways)),
        needs=needs,
        age=age,
        matches=found,
        unmet=unmet_needs(found, wanted),
        policy=policy,
        ways=ways,
    )

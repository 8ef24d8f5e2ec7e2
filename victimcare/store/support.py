"""One case as a referral sees it: the way to support so far, what is known, and how each service fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, select

from victimcare.domain.calendar import london_date
from victimcare.domain.directory import Match, Wanted, age_on, matches, unmet_needs
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.journey import Journey
from victimcare.domain.law import Law
from victimcare.domain.referral import Support, support_of
from victimcare.domain.referral_content import Agreed, KnownForReferral, content_of
from victimcare.domain.referral_policy import ReferralPolicy
from victimcare.domain.safe_contact import PointKind
from victimcare.domain.sending_referrals import Asked, asked_before_sending
from victimcare.domain.victim import tier_history, tier_on
from victimcare.store import protections, services
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.known_for_referral import SafePoint, known_for_referral, safe_points
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class SupportRules:
    """What a referral is judged by: the Code, the policies on referral and on safe contact, and the open vault."""

    law: Law
    policy: ReferralPolicy
    contact: ForcePolicy
    vault: Vault


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
    connection: Connection, case_id: int, journey: Journey, *, now: datetime, rules: SupportRules
) -> SupportFile:
    """The support file of a case that somebody may see or write to."""
    today = london_date(now)
    columns = (CASES.c.area, VICTIMS.c.language)
    joined = CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
    row = connection.execute(select(*columns).select_from(joined).where(CASES.c.id == case_id)).one()
    protected = protections.current(connection, case_id) is not None
    known = known_for_referral(
        connection,
        case_id,
        journey,
        rights=_rights(journey, rules.law, today),
        language=row.language,
        location_protected=protected,
        vault=rules.vault,
    )
    support = support_of(journey)
    needs = support.needs | known.implied_needs
    safe = () if protected else safe_points(connection, case_id, journey, now=now, contact=rules.contact)
    ways = _ways(safe, support, needs, known.crime_type, rules.policy)
    age = age_on(known.born_on, today) if known.born_on else None
    wanted = Wanted(row.area, needs, age, row.language, rules.policy.consent_first_for)
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
        policy=rules.policy,
        ways=ways,
    )


def _rights(journey: Journey, law: Law, today: date) -> str:
    """The victim's tier today, as the edition in force calls it."""
    edition = law.code.on(today)
    chains = [chain for chain in journey.chains().values() if chain.happened]
    return edition.tier_title(tier_on(tier_history(chains, default_tier=edition.default_tier), today).tier)


def _ways(
    safe: Sequence[SafePoint], support: Support, needs: frozenset[str], crime_type: str, policy: ReferralPolicy
) -> tuple[SafePoint, ...]:
    """Where a service may reach the victim: by letter only where the policy lets a letter count as safe."""
    asked = support.needs_asked_on is not None
    by_letter = policy.may_be_written_to(needs, needs_asked=asked, crime_type=crime_type)
    return tuple(point for point in safe if by_letter or point.kind != PointKind.ADDRESS)

"""What is known of a case that a referral may be made of. No number or address is opened here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.journey import Journey
from victimcare.domain.referral_content import WAYS, KnownForReferral, SafeWay
from victimcare.domain.safe_contact import may_send, suspect_news_at
from victimcare.domain.who_counts import ToldAs
from victimcare.store.cases import CASES, CRIMES, VICTIMS
from victimcare.store.contact_points import POINTS, point_of, safe_use, suspects_too, value_of
from victimcare.store.people_to_tell import NAME, PEOPLE_TO_TELL
from victimcare.store.staff import PEOPLE, TEAMS
from victimcare.store.tables import NeedsAssessment
from victimcare.store.vault import Vault
from victimcare.store.words_reader import WITHHELD, words_to_share

_ASSESSMENTS = NeedsAssessment.__table__  # type: ignore[attr-defined]
_IMPLIED = {
    "domestic_abuse": "domestic_abuse",
    "sexual_offence": "sexual_violence",
    "hate_crime": "hate_crime",
    "harassed_or_stalked": "stalking",
    "bereaved_close_relative": "bereavement",
}
"""Criteria of a needs assessment that say what support is needed."""


def known_for_referral(
    connection: Connection,
    case_id: int,
    journey: Journey,
    *,
    rights: str,
    language: str,
    location_protected: bool,
    vault: Vault,
) -> KnownForReferral:
    """What is known of the case, its safe ways not yet; `rights` is in words already.

    Where the location is protected, the officer's team is left out: it tells where the victim lives.
    """
    row = _joined_row(connection, case_id)
    reported = [
        chain.current.happened.on
        for chain in journey.chains().values()
        if chain.happened and chain.root.kind is EventKind.CRIME_REPORTED
    ]
    return KnownForReferral(
        victim_name=row.name,
        born_on=row.born_on,
        language=language,
        guardian=_guardian(connection, case_id, vault),
        crime_ref=row.source_ref,
        crime_type=row.crime_type,
        reported_on=min(reported, default=None),
        officer=row.officer if location_protected else f"{row.officer}, {row.team}",
        rights=rights,
        safe_ways=frozenset(),
        implied_needs=_implied_needs(connection, case_id),
        location_protected=location_protected,
    )


def _joined_row(connection: Connection, case_id: int) -> Any:
    joined = (
        CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
        .join(CRIMES, CRIMES.c.id == CASES.c.crime_id)
        .join(PEOPLE, PEOPLE.c.id == CASES.c.officer_id)
        .join(TEAMS, TEAMS.c.id == CASES.c.team_id)
    )
    columns = (VICTIMS.c.name, VICTIMS.c.born_on, CRIMES.c.source_ref, CRIMES.c.crime_type)
    names = (PEOPLE.c.name.label("officer"), TEAMS.c.name.label("team"))
    return connection.execute(select(*columns, *names).select_from(joined).where(CASES.c.id == case_id)).one()


@dataclass(frozen=True, slots=True)
class SafePoint:
    """A contact point that is safe now, without what is sealed in it."""

    id: str
    kind: str


def safe_points(
    connection: Connection, case_id: int, journey: Journey, *, now: datetime, contact: ForcePolicy
) -> tuple[SafePoint, ...]:
    """The victim's contact points that are safe now, in the order in which they were added."""
    theirs = suspects_too(connection, case_id)
    news_at = suspect_news_at(journey.events)
    wanted = (POINTS.c.case_id == case_id) & POINTS.c.suspect.is_(None) & POINTS.c.kind.in_(WAYS)
    return tuple(
        SafePoint(row.id, row.kind)
        for row in connection.execute(select(POINTS).where(wanted).order_by(POINTS.c.added_at, POINTS.c.id))
        if may_send(
            point_of(row), now=now, policy=contact, suspect_news_at=news_at, is_a_suspects=row.id in theirs
        ).allowed
    )


def way_of(connection: Connection, case_id: int, point: SafePoint, vault: Vault) -> SafeWay:
    """This point opened, with how it is used safely now. Whoever asks wrote it down. Raises `DoesNotOpen`."""
    value = value_of(connection, case_id=case_id, point_id=point.id, vault=vault)
    return SafeWay(point.kind, value, safe_use(connection, point.id, vault))


def _guardian(connection: Connection, case_id: int, vault: Vault) -> str | None:
    """The guardian who is told; of several the first by name. What tells a location does not go."""
    told = (PEOPLE_TO_TELL.c.case_id == case_id) & (PEOPLE_TO_TELL.c.told_as == ToldAs.GUARDIAN.value)
    now = told & PEOPLE_TO_TELL.c.until_on.is_(None) & ~PEOPLE_TO_TELL.c.is_suspect
    reader = words_to_share(connection, case_id, vault)
    rows = connection.execute(select(PEOPLE_TO_TELL.c.id, NAME).where(now))
    names = {reader.read(NAME, row.id, row.sealed_name) for row in rows}
    return min(names - {WITHHELD}, default=None)


def _implied_needs(connection: Connection, case_id: int) -> frozenset[str]:
    found = connection.execute(select(_ASSESSMENTS.c.criteria).where(_ASSESSMENTS.c.case_id == case_id)).scalars()
    criteria = {code for codes in found for code in codes.split(",")}
    return frozenset(need for criterion, need in _IMPLIED.items() if criterion in criteria)

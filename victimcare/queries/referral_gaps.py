"""Needs that no service met, by area and need: what the directory lacks, with small numbers hidden.

A gap is a case in which "no service fits" was recorded for a need in the period; recorded twice, it is one. What was
corrected away is none. Each count is protected by itself and no total is published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select, text

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.people import Person
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import THRESHOLD, Count
from victimcare.domain.support_needs import ANY_NEED, SUPPORT_NEEDS
from victimcare.domain.suppression import protect_parts
from victimcare.queries.scope import for_the_board
from victimcare.store.cases import CASES
from victimcare.store.journeys import EVENTS, journeys_of
from victimcare.store.tables import NO_SERVICE_FITS


@dataclass(frozen=True, slots=True)
class AreaGaps:
    """The gaps of one area, one count for each need of `ReferralGaps.needs`."""

    area: str
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class ReferralGaps:
    """The gaps of the last four complete quarters, `from_on` to before `until_on`; only the needs that were lacking."""

    needs: tuple[str, ...]
    areas: tuple[AreaGaps, ...]
    from_on: date
    until_on: date


def referral_gaps(connection: Connection, *, person: Person, today: date, threshold: int = THRESHOLD) -> ReferralGaps:
    """What could not be met in the 12 months of the last four complete quarters. Raises `NotForTheBoard`."""
    for_the_board(person)
    until_on, from_on = Quarter.of(today).from_on, Quarter.of(today).next(-4).from_on
    found = Counter(_gaps(connection, from_on, until_on))
    needs = tuple(need for need in (*SUPPORT_NEEDS, ANY_NEED) if any(need == lacking for _, lacking in found))
    areas = sorted({area for area, _ in found})
    return ReferralGaps(
        needs=needs,
        areas=tuple(AreaGaps(area, tuple(_shown(found[(area, need)], threshold) for need in needs)) for area in areas),
        from_on=from_on,
        until_on=until_on,
    )


def _shown(count: int, threshold: int) -> Count:
    """By itself: victims can be in several columns, so no sum of them is published that would give one away."""
    return protect_parts([count], threshold).parts[0]


def _gaps(connection: Connection, from_on: date, until_on: date) -> Iterator[tuple[str, str]]:
    """Area and need of each gap. The domain reads the few journeys that have one, so that corrections count."""
    lacking = select(EVENTS.c.case_id).where(text(NO_SERVICE_FITS)).distinct()
    open_ones = (CASES.c.status != "void") & CASES.c.id.in_(lacking)
    cases = {row.id: row for row in connection.execute(select(CASES.c.id, CASES.c.ref, CASES.c.area).where(open_ones))}
    for case_id, journey in journeys_of(connection, {key: row.ref for key, row in cases.items()}).items():
        happened = (c.current for c in journey.chains().values() if c.happened)
        gaps = [event for event in happened if event.kind is EventKind.NO_SERVICE_FITS]
        within = {str(gap.details["need"]) for gap in gaps if from_on <= gap.happened.on < until_on}
        for need in within:
            yield cases[case_id].area, need

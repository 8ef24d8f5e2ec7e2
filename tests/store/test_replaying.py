"""A quarter reckoned once more: as it is stored, as it was known on a past day, and by another edition of the Code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import select

import victimcare.editions
from tests.force import Force, a_force
from tests.queries.worlds import LAW, random_journeys, store
from victimcare.commands.publish_figures import tally_quarter
from victimcare.domain.calendar import LONDON
from victimcare.domain.code import VictimsCode
from victimcare.domain.compliance import outcome_of
from victimcare.domain.entitlements import assess
from victimcare.domain.journey import Journey, JourneyEvent
from victimcare.domain.law import Law
from victimcare.domain.quarter import Quarter
from victimcare.domain.tally import Breakdown, By, Tally
from victimcare.editions.loader import load_edition
from victimcare.store.dues import DUES
from victimcare.store.replaying import replay

QUARTERS = [Quarter(2026, number) for number in (1, 2, 3)]
DRAFT = load_edition(Path(victimcare.editions.__file__).with_name("example-draft.toml"))


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def counts(tally: Tally) -> Counter[tuple[Breakdown, str, str]]:
    """Every number by right and by duty."""
    return Counter(
        {
            (breakdown, value, outcome): count
            for breakdown, values in tally.tables.items()
            if breakdown.by in (By.RIGHT, By.RULE)
            for value, tallied in values.items()
            for outcome, count in tallied.outcomes.items()
        }
    )


def by_hand(journeys: list[Journey], quarter: Quarter, law: Law) -> Counter[tuple[Breakdown, str, str]]:
    """What a person would count duty by duty."""
    counted: Counter[tuple[Breakdown, str, str]] = Counter()
    for owed in (one for journey in journeys for one in assess(journey, law.code, law.calendar)):
        day = owed.due_on or owed.started_on or owed.start.current.happened.on
        if Quarter.of(day) == quarter and not owed.rule.policy:
            right, outcome = str(owed.rule.right), outcome_of(owed).value
            counted[Breakdown(owed.owed_by, By.RIGHT), right, outcome] += 1
            counted[Breakdown(owed.owed_by, By.RULE, right), owed.rule.id, outcome] += 1
    return counted


@pytest.mark.parametrize("seed", [1, 2])
def test_as_known_now_it_is_what_is_stored(force: Force, seed: int) -> None:
    store(force.database, random_journeys(seed, 60))
    seen = 0
    for quarter in QUARTERS:
        with force.database.reading() as connection:
            stored = counts(tally_quarter(connection, quarter=quarter, law=LAW))
        assert counts(replay(force.database, quarter, law=LAW).tally) == stored
        seen += stored.total()
    assert seen > 20


@pytest.mark.parametrize("seed", [3, 4])
def test_as_known_on_a_day_it_is_what_had_been_recorded_by_the_end_of_it(force: Force, seed: int) -> None:
    world = random_journeys(seed, 60)
    store(force.database, world)
    differed = 0
    for quarter, days in product(QUARTERS, (0, 20, 50)):
        day = quarter.from_on + timedelta(days=days)
        until = datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)
        known = [as_recorded_before(journey, until) for journey in world]
        found = counts(replay(force.database, quarter, law=LAW, known_on=day).tally)
        assert found == by_hand([journey for journey in known if has_officer(journey)], quarter, LAW)
        differed += found != by_hand(world, quarter, LAW)
    assert differed > 2


def as_recorded_before(journey: Journey, until: datetime) -> Journey:
    """One event after another, each only where what it corrects is there."""
    known: list[JourneyEvent] = []
    for _ in journey.events:
        known = [
            event
            for event in journey.events
            if event.recorded_at < until and (not event.corrects or event.corrects in {one.key for one in known})
        ]
    return replace(journey, events=tuple(known))


def has_officer(journey: Journey) -> bool:
    return any(event.kind.value == "officer_assigned" for event in journey.events)


def test_by_another_edition_it_is_what_that_asks_for_and_nothing_is_stored(force: Force) -> None:
    world = random_journeys(5, 60)
    store(force.database, world)
    always = replace(DRAFT, in_force_from=date(2021, 4, 1), in_force_to=None, transition=None)
    law = LAW.under(VictimsCode((always,)))
    with force.database.reading() as connection:
        before = connection.execute(select(DUES)).all()
    for quarter in QUARTERS:
        found = replay(force.database, quarter, law=law)
        assert counts(found.tally) == by_hand(world, quarter, law)
        assert found.tally.editions <= {DRAFT.id}
    with force.database.reading() as connection:
        assert connection.execute(select(DUES)).all() == before


def test_it_says_which_officers_hold_the_forces_own_duties_of_the_quarter(force: Force) -> None:
    store(force.database, random_journeys(6, 40))
    assert replay(force.database, QUARTERS[1], law=LAW).officers == {"ash"}
    assert replay(force.database, Quarter(2019, 1), law=LAW).officers == set()

"""A quarter reckoned once more: as it is stored, as it was known on a past day, and by another edition of the Code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import select, update

import victimcare.editions
from tests.force import Force, a_force
from tests.queries import slow_board
from tests.queries.slow_board import CHARACTERISTICS, Figure, ranked
from tests.queries.small_worlds import QUARTERS as WORLD_QUARTERS
from tests.queries.small_worlds import InventedCase, keep, small_world
from tests.queries.worlds import LAW, random_journeys, store
from victimcare.commands.publish_figures import tally_quarter
from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.calendar import LONDON, london_date
from victimcare.domain.code import VictimsCode
from victimcare.domain.compliance import LATE, outcome_of
from victimcare.domain.counted import (
    CONTINUITY,
    GAPS,
    NO_DUTIES,
    QUALITY,
    SILENCE,
    STAGES_REACHED,
    STEPS,
    VICTIMS,
)
from victimcare.domain.entitlements import assess
from victimcare.domain.journey import Journey, JourneyEvent
from victimcare.domain.law import Law
from victimcare.domain.quarter import Quarter
from victimcare.domain.replay_choices import DUTIES
from victimcare.domain.tally import Breakdown, By, Tally
from victimcare.editions.loader import load_edition
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES
from victimcare.store.replaying import replay

EVERYTHING = (DUTIES, VICTIMS, GAPS, STEPS, STAGES_REACHED, CONTINUITY, SILENCE, QUALITY)
ONE_COLUMN = {of: of for of in (GAPS, STEPS, STAGES_REACHED, CONTINUITY, SILENCE, QUALITY)} | {"behind": "all"}
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


def by_hand(
    journeys: list[Journey], quarter: Quarter, law: Law, *, by: date = date.max
) -> Counter[tuple[Breakdown, str, str]]:
    """What a person would count duty by duty, of those whose day had come."""
    counted: Counter[tuple[Breakdown, str, str]] = Counter()
    for owed in (one for journey in journeys for one in assess(journey, law.code, law.calendar)):
        day = owed.due_on or owed.started_on or owed.start.current.happened.on
        if Quarter.of(day) == quarter and day <= by and not owed.rule.policy:
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
        assert found == by_hand([journey for journey in known if has_officer(journey)], quarter, LAW, by=day)
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


@pytest.mark.parametrize("first", [1, 11])
def test_any_table_as_known_on_a_day_is_what_a_slow_count_of_what_was_recorded_says(force: Force, first: int) -> None:
    check_any_table(force, range(first, first + 10))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(101, 501, 40))
def test_any_table_of_400_worlds_as_known_on_a_day_is_what_a_slow_count_says(force: Force, first: int) -> None:
    check_any_table(force, range(first, first + 40))


def check_any_table(force: Force, seeds: range) -> None:
    world = [case for seed in seeds for case in small_world(seed)]
    with force.database.writing() as connection:
        keep(connection, world)
    differed: set[object] = set()
    for quarter in WORLD_QUARTERS:
        now = figures(replay(force.database, quarter, law=LAW, of=EVERYTHING).tally)
        assert now == slow_figures(world, quarter, known_on=None)
        for days in (29, 60, 120):
            known_on = quarter.from_on + timedelta(days=days)
            then = figures(replay(force.database, quarter, law=LAW, of=EVERYTHING, known_on=known_on).tally)
            until = datetime.combine(known_on + timedelta(days=1), time(), LONDON)
            known = [case for each in world if (case := each.known_before(until))]
            assert then == slow_figures(known, quarter, known_on=known_on)
            differed |= {figure[0] for figure in then.keys() | now.keys() if then.get(figure) != now.get(figure)}
    assert differed == {"duties", "behind", "victims", "gaps", "steps", "stages", "continuity", "quality", "silence"}


def figures(tally: Tally) -> dict[Figure, int]:
    """Every number of every table, as the slow count names it."""
    found: dict[Figure, int] = {}
    for breakdown, lines in tally.tables.items():
        of_characteristics = breakdown.of == VICTIMS and breakdown.by in (By.ASKED, *CHARACTERISTICS)
        if of_characteristics or (breakdown.by is By.MONTH and breakdown.within):
            continue
        of, table = named(breakdown)
        for value, tallied in lines.items():
            columns = Counter(ONE_COLUMN.get(of, outcome) for outcome in tallied.outcomes.elements())
            found |= {(of, table, value, str(column)): number for column, number in columns.items()}
            if of != "behind":
                found |= {(of, table, value, name): n for name, n in ranked(list(tallied.days.elements())) if n}
    return found


def named(breakdown: Breakdown) -> tuple[str, object]:
    of, by, within = breakdown
    if of not in NO_DUTIES:
        behind = by in (By.CAUSE, By.TRIED, By.RECORDED, By.OVERTURNED)
        return ("behind" if behind else "duties"), (of, str(by), within)
    return of, within if of == QUALITY else str(by)


def slow_figures(world: list[InventedCase], quarter: Quarter, *, known_on: date | None) -> dict[Figure, int]:
    last_on = min(quarter.until_on - timedelta(days=1), known_on or date.max)
    due = slow_board.counted(world, quarter.from_on, last_on + timedelta(days=1), tells_days=True)
    counted = slow_board.counted(world, quarter.from_on, quarter.until_on, tells_days=True)
    of_duties = ("duties", "behind")
    told = {f: n for f, n in due.items() if f[0] in of_duties}
    told |= {f: n for f, n in counted.items() if f[0] not in (*of_duties, "asked") and f[1] not in CHARACTERISTICS}
    silent = slow_board.silences(world, last_on + timedelta(days=1))
    told |= {("silence", "silence", line, "silence"): n for line, n in silent.items()}
    return {figure: number for figure, number in told.items() if figure[2] != ""}


def test_before_anybody_said_why_a_duty_known_late_has_the_cause_that_the_service_gave(
    force: Force,
) -> None:
    late = (case for seed in range(400) for case in small_world(seed) if has_a_cause_instead_of_recorded_late(case))
    case = next(late)
    with force.database.writing() as connection:
        keep(connection, [case])
    causes = [causes_of(force, day) for day in (case.signed_at, case.given_at + timedelta(days=1))]
    assert causes[0]["recorded_late"] > causes[1]["recorded_late"]
    assert causes[0].keys() <= {"recorded_late", "none"}


def has_a_cause_instead_of_recorded_late(case: InventedCase) -> bool:
    """Given weeks after it was found, of a case of which everything was recorded before."""
    owed = assess(case.journey, LAW.code, LAW.calendar)
    late = [one for one in owed if outcome_of(one) in LATE and one.owed_by == OWN_AGENCY]
    recorded_late = {
        (one.rule.id, one.start.key) for one in late if one.due_on and one.known_on > one.due_on and not one.rule.policy
    }
    replaced = recorded_late & case.causes.keys()
    recorded = max(event.recorded_at for event in case.journey.events)
    return bool(replaced) and case.given_at > case.signed_at + timedelta(days=2) and recorded < case.signed_at


def causes_of(force: Force, at: datetime) -> Counter[str]:
    """The causes of all late duties of the police, as known on this day."""
    causes: Counter[str] = Counter()
    for quarter in [WORLD_QUARTERS[0].next(number) for number in range(-2, 12)]:
        tally = replay(force.database, quarter, law=LAW, known_on=london_date(at)).tally
        lines = tally.tables[Breakdown("police", By.CAUSE)]
        causes.update({value: tallied.outcomes.total() for value, tallied in lines.items()})
    return causes


def test_what_happened_before_a_case_was_opened_counts_when_it_happened(force: Force) -> None:
    """A victim who was recorded later: what is known of the weeks before is in their journey too."""
    world = [case for seed in range(1, 9) for case in small_world(seed)]
    with force.database.writing() as connection:
        keep(connection, world)
        connection.execute(update(CASES).values(opened_on=date(2027, 3, 1)))
    for quarter in WORLD_QUARTERS:
        with force.database.reading() as connection:
            stored = figures(tally_quarter(connection, quarter=quarter, law=LAW))
        assert figures(replay(force.database, quarter, law=LAW, of=EVERYTHING).tally) == stored
        assert stored


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

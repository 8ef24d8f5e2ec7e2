"""Laws of what is owed, over journeys that nobody would invent."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import duty, event
from tests.domain.random_journeys import CALENDAR, CODE, journeys, recorded_in_another_order
from tests.domain.slow_model import SlowModel
from tests.domain.slow_standing import works
from victimcare.domain.entitlements import Ending, Entitlement, Standing, assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Journey, Value

OFTEN = settings.get_profile(settings.get_current_profile_name()).max_examples


def facts(owed: Entitlement) -> tuple[object, ...]:
    """All that may not depend on the order in which events were recorded."""
    ended = owed.ending, owed.ended_on, owed.ended_by, owed.outstanding
    return owed.key, owed.edition.id, owed.owed_by, owed.counting, owed.started_on, owed.due_on, owed.tier, ended


def days_of(some: Journey) -> Iterator[date]:
    """Every day on which something could change, and a while after."""
    days = [e.happened.on for e in some.events]
    for number in range(-1, (max(days) - min(days)).days + 12):
        yield min(days) + timedelta(days=number)


@settings(max_examples=OFTEN * 8)
@given(journeys())
def test_the_slow_model_agrees(some: Journey) -> None:
    agrees(some)


@pytest.mark.slow
@settings(max_examples=OFTEN * 50)
@given(journeys())
def test_the_slow_model_agrees_on_many_more(some: Journey) -> None:
    agrees(some)


def agrees(some: Journey) -> None:
    slow = SlowModel(some, CODE, CALENDAR).owed()
    quick = {each.key: each for each in assess(some, CODE, CALENDAR)}
    assert set(quick) == set(slow)
    for key, seen in quick.items():
        owed = slow[key]
        assert (seen.owed_by, seen.counting, seen.started_on) == (owed.owed_by, owed.counting, owed.started_on)
        assert (seen.due_on, seen.tier.tier, seen.provisional) == (owed.due_on, owed.tier, owed.provisional)
        assert seen.ended_on == owed.ended_on
        assert seen.ending in owed.endings or (seen.ending is None and not owed.endings)
        assert {telling.id for telling in seen.outstanding} == owed.outstanding
        for day in (some.events[0].happened.on, *near(seen.started_on), *near(seen.due_on), *near(seen.ended_on)):
            late = owed.late_days(day)
            assert seen.standing_on(day) in owed.standings(day)
            assert seen.late_on(day) is bool(late)
            assert seen.working_days_late_on(day, CALENDAR) == sum(works(CALENDAR, each) for each in late)


def near(day: date | None) -> list[date]:
    return [day + timedelta(days=number) for number in (-1, 0, 1, 4)] if day else []


@settings(max_examples=OFTEN * 2)
@given(journeys(), st.randoms(use_true_random=False))
def test_the_order_of_recording_does_not_matter(some: Journey, chance: Random) -> None:
    order = list(range(len(some.events)))
    chance.shuffle(order)
    other = recorded_in_another_order(some, order)
    assert [facts(each) for each in assess(other, CODE, CALENDAR)] == [
        facts(each) for each in assess(some, CODE, CALENDAR)
    ]


@settings(max_examples=OFTEN)
@given(journeys())
def test_computing_it_again_from_events_in_any_order_changes_nothing(some: Journey) -> None:
    first = assess(some, CODE, CALENDAR)
    assert assess(some, CODE, CALENDAR) == first
    assert assess(Journey.of(some.case_ref, reversed(some.events)), CODE, CALENDAR) == first


@settings(max_examples=OFTEN * 2)
@given(journeys(), st.integers(0, 20), st.sampled_from(["standard", "enhanced", "child"]))
def test_a_tier_gained_while_a_duty_is_open_never_loosens_it(some: Journey, number: int, tier: str) -> None:
    day = min(e.happened.on for e in some.events) + timedelta(days=number)
    assessed = {c.current.happened.on for c in some.chains().values() if c.root.kind is EventKind.NEEDS_ASSESSED}
    if day in assessed:
        return
    needs = event(EventKind.NEEDS_ASSESSED, day, key="needs", tier=tier)
    after = {each.key: each for each in assess(Journey.of("BED", [*some.events, needs]), CODE, CALENDAR)}
    for before in assess(some, CODE, CALENDAR):
        if before.started_on and before.due_on and before.started_on < day:
            due_on = after[before.key].due_on
            assert due_on is not None
            assert due_on <= before.due_on


ENDINGS = (
    [EventKind.CONTACT_MADE],
    [EventKind.DUTY_DECLINED],
    [EventKind.DUTY_NOT_APPLICABLE],
    [EventKind.DUTY_NOT_SAFE],
    [EventKind.GOOD_REASON_REQUESTED, EventKind.GOOD_REASON_AGREED],
    [EventKind.OPTED_OUT],
    [EventKind.CONTACT_INTERVAL_ENDED],
    [EventKind.CONTACT_INTERVAL_AGREED],
    [EventKind.NEEDS_ASSESSED],
    [EventKind.HEARING_ADJOURNED],
)


@settings(max_examples=OFTEN * 4)
@given(journeys(), st.sampled_from(ENDINGS), st.integers(1, 20))
def test_no_ending_takes_lateness_away(some: Journey, endings: list[EventKind], number: int) -> None:
    *_, last_day = days_of(some)
    open_and_late = [e for e in assess(some, CODE, CALENDAR) if e.late_on(last_day) and e.ending is None]
    for owed in open_and_late:
        day = last_day + timedelta(days=number)
        names = [duty(owed.rule.id, owed.start.current.key, *(t.id for t in owed.rule.must_tell))]
        details: dict[str, Value] = {"scope": "all", "interval_days": 3, "tier": "standard"}
        ends = [
            event(kind, day, received=day, answers=names, subject=owed.start.current.subject, details=details)
            for kind in endings
        ]
        after = {each.key: each for each in assess(Journey.of("BED", [*some.events, *ends]), CODE, CALENDAR)}
        ended = after[owed.key]
        if ended.ending is Ending.GOOD_REASON and ended.ended_on != day:
            continue  # asked for in time, and only agreed late
        assert ended.due_on == owed.due_on
        assert ended.late_on(day)
        assert ended.working_days_late_on(day, CALENDAR) == owed.working_days_late_on(day, CALENDAR)
        assert ended.standing_on(day) is not Standing.MET
        assert ended.ending not in (Ending.SUPERSEDED, Ending.GOOD_REASON)

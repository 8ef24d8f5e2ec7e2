"""What is due for disposal: against a second, plainer telling of the rules, through more than a lifetime."""

import random
import tomllib
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import event, journey
from tests.domain.slow_retention import must_be_proposed, same_day
from victimcare.domain.crime_types import CRIME_TYPES
from victimcare.domain.retention import (
    Finding,
    KeptRecord,
    RetentionPolicy,
    RetentionRule,
    SamePersonTwice,
    Trigger,
    ended_on,
    last_recorded_on,
    people_missing,
    review,
)
from victimcare.editions.retention import PUBLISHED_RETENTION, published_retention

SHIPPED: list[dict[str, Any]] = tomllib.loads(PUBLISHED_RETENTION.read_text("utf-8"))["rule"]
AN_AGE = {"status": "closed", "crime_types": ["Burglary"], "trigger": "victim_born", "years": 100}
RULES = [*SHIPPED, AN_AGE]
BY_AGE = RetentionRule(
    "AGE", "Until 100", "age", "closed", frozenset({"Burglary"}), Trigger.VICTIM_BORN, 100, "Invented", verified=False
)
POLICY = replace(published_retention(), rules=(*published_retention().rules, BY_AGE))
FIRST = date(2020, 1, 1)
DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
RECORDS = st.builds(
    KeptRecord,
    status=st.sampled_from(["open", "closed", "void"]),
    crime_type=st.sampled_from(CRIME_TYPES),
    ended_on=st.none() | DAYS,
    last_recorded_on=DAYS,
    born_on=st.none() | DAYS,
    held=st.booleans(),
    waits=st.booleans(),
    kept_until_on=st.none() | DAYS,
)


def a_record(chance: random.Random) -> KeptRecord:
    """A case of some day in thirty years, with everything that it can have and lack."""
    ended = FIRST + timedelta(days=chance.randrange(30 * 365))
    return KeptRecord(
        status=chance.choice(["closed"] * 6 + ["void", "open"]),
        crime_type=chance.choice(CRIME_TYPES),
        ended_on=chance.choice([ended] * 9 + [None]),
        last_recorded_on=ended + timedelta(days=chance.choice([0, 0, 1, 400, 4000])),
        born_on=chance.choice([ended - timedelta(days=chance.randrange(90 * 365)), None]),
        held=chance.random() < 0.05,
        waits=chance.random() < 0.05,
        kept_until_on=chance.choice([None] * 9 + [ended + timedelta(days=chance.randrange(60 * 365))]),
    )


def through_the_years(cases: int, step: int) -> tuple[int, int]:
    """Every case on a day every so many days through 110 years, proposed once; how many were, and how many looks."""
    chance = random.Random(f"{cases} {step}")
    waiting = [a_record(chance) for _ in range(cases)]
    plain = {id(record): asdict(record) for record in waiting}
    proposed = looks = 0
    for day in range(0, 110 * 365, step):
        today = FIRST + timedelta(days=day)
        due = {id(r) for r in waiting if review(r, POLICY, today=today).finding is Finding.DUE}
        assert due == {id(r) for r in waiting if must_be_proposed(plain[id(r)], RULES, today)}, today
        assert not any(r.held for r in waiting if id(r) in due)
        looks += len(waiting)
        proposed += len(due)
        waiting = [record for record in waiting if id(record) not in due]
    return proposed, looks


def test_a_time_machine_proposes_what_the_slow_rules_say() -> None:
    proposed, looks = through_the_years(300, 61)
    assert proposed > 200
    assert looks > 10_000


@pytest.mark.slow
def test_ten_thousand_cases_through_110_years_are_proposed_as_the_slow_rules_say() -> None:
    proposed, looks = through_the_years(10_000, 31)
    print(f"\n10,000 cases, 110 years, {looks:,} looks: {proposed:,} proposed, each as the oracle says")
    assert proposed > 7_000


@given(RECORDS, DAYS)
def test_any_case_on_any_day_is_as_the_slow_rules_say(record: KeptRecord, today: date) -> None:
    due = review(record, POLICY, today=today).finding is Finding.DUE
    assert due == must_be_proposed(asdict(record), RULES, today)


@given(RECORDS, DAYS)
def test_a_hold_wins_over_every_rule(record: KeptRecord, today: date) -> None:
    assert review(replace(record, held=True), POLICY, today=today).finding in (Finding.HELD, Finding.NOT_YET)


@given(RECORDS, DAYS)
def test_a_case_without_the_day_that_its_rule_counts_from_is_never_due(record: KeptRecord, today: date) -> None:
    nothing_known = replace(record, ended_on=None, last_recorded_on=None, born_on=None)
    assert review(nothing_known, POLICY, today=today).finding is not Finding.DUE


def test_due_on_the_day_and_not_the_day_before() -> None:
    closed = KeptRecord("closed", "Burglary", None, date(2020, 2, 29), None)
    policy = published_retention()
    assert review(closed, policy, today=date(2026, 2, 27)).finding is Finding.NOT_YET
    found = review(closed, policy, today=date(2026, 2, 28))
    assert (found.finding, found.trigger_on, found.due_on) == (Finding.DUE, date(2020, 2, 29), date(2026, 2, 28))
    assert same_day(date(2020, 2, 29), 6) == date(2026, 2, 28)


def test_a_day_in_the_journey_is_that_of_the_last_ending_and_of_the_last_recording_in_london() -> None:
    late = datetime(2021, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight in London
    told = journey(
        event("crime_reported", "2020-01-06", key="reported"),
        event("case_closed", "2020-05-01", key="closed", reason="finished"),
        event("case_reopened", "2020-08-03", key="reopened"),
        event("case_closed", "2021-05-04", key="again", recorded=late, reason="finished"),
    )
    assert ended_on(told) == date(2021, 5, 4)
    assert last_recorded_on(told) == date(2021, 7, 1)
    assert ended_on(journey(event("crime_reported", "2020-01-06"))) is None


def test_beyond_the_cap_it_takes_two_different_people() -> None:
    assert people_missing([], by="elm") == 1
    assert people_missing(["elm"], by="fir") == 0
    with pytest.raises(SamePersonTwice):
        people_missing(["elm"], by="elm")


def test_a_case_is_looked_at_as_soon_as_it_can_be_due_and_not_before() -> None:
    without_age: RetentionPolicy = published_retention()
    assert without_age.opened_until(date(2026, 5, 22)) == date(2025, 5, 22)  # void cases: one year
    assert POLICY.opened_until(date(2026, 5, 22)) == date(2026, 5, 22)

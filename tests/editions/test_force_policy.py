"""The force's own policy: from its file, and never mistaken for the Code."""

import re
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.emergency_access import EMERGENCIES
from victimcare.domain.force_policy import ForcePolicy
from victimcare.editions.force_policy import PUBLISHED_POLICY, load_policy, published_policy
from victimcare.editions.law import published_law
from victimcare.editions.reading import BadEdition

CALENDAR = published_law().calendar


def test_the_shipped_policy() -> None:
    assert published_policy() == ForcePolicy(
        needs_within=1,
        contact_every=28,
        confirmed_for=90,
        reply_within=1,
        reply_when_afraid=0,
        attempts=3,
        tell_of_officer_within=5,
        keep_waiting=90,
        joined_at_once=100,
        contact_hours={
            "morning": (time(8), time(12)),
            "afternoon": (time(12), time(17)),
            "evening": (time(17), time(20)),
            "weekend": (time(9), time(20)),
        },
        emergencies=published_policy().emergencies,
    )
    assert tuple(published_policy().emergencies) == EMERGENCIES
    assert all(published_policy().emergencies.values())


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        (
            "within_working_days = 1",
            "within_working_days = 0",
            "within_working_days: it must be a whole number, 1 or more",
        ),
        ("from = 08:00:00", 'from = "8"', "contact_hours.morning.from: it must be a time such as 08:00:00"),
        ("from = 08:00:00", "from = 12:00:00", "contact_hours.morning.until: it must be later than from"),
    ],
)
def test_a_value_that_is_none_is_refused(tmp_path: Path, right: str, wrong: str, why: str) -> None:
    text = PUBLISHED_POLICY.read_text("utf-8")
    assert right in text
    file = tmp_path / "policy.toml"
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(BadEdition, match=re.escape(why)):
        load_policy(file)


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 20), st.integers(1, 5))
def test_what_was_recorded_before_the_day_is_exactly_what_is_missing(today: date, ago: int, within: int) -> None:
    policy = ForcePolicy(within, 28, 90, 1, 0, 3, 5, 90, 100)
    recorded_on = today - timedelta(days=ago)
    missing = policy.needs_by(recorded_on, CALENDAR) < today
    assert (recorded_on < policy.needs_missing_before(today, CALENDAR)) is missing


@pytest.mark.parametrize(
    ("taken_on", "afraid", "by"),
    [
        (date(2026, 5, 22), False, date(2026, 5, 26)),  # a Friday before a bank holiday
        (date(2026, 5, 22), True, date(2026, 5, 22)),
        (date(2026, 5, 23), True, date(2026, 5, 23)),  # fear does not wait for a working day
    ],
)
def test_by_when_somebody_answers_a_message(taken_on: date, afraid: bool, by: date) -> None:
    assert published_policy().reply_by(taken_on, CALENDAR, afraid=afraid) == by

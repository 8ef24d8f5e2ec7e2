"""The force's own policy: from its file, and never mistaken for the Code."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.force_policy import ForcePolicy
from victimcare.editions.force_policy import load_policy, published_policy
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
    )


def test_a_number_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    rest = "[contact_interval]\ncalendar_days = 28\n[contact_confirmation]\ncalendar_days = 90\n"
    rest += "[message]\nreply_within_working_days = 1\nreply_when_afraid_within_working_days = 0\n"
    rest += "[contact_attempts]\nin_a_row = 3\n"
    rest += "[hand_over]\ntell_victim_within_working_days = 5\n"
    file.write_text(f"[needs_assessment]\nwithin_working_days = 0\n{rest}", "utf-8")
    with pytest.raises(BadEdition, match="within_working_days: it must be a whole number, 1 or more"):
        load_policy(file)


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 20), st.integers(1, 5))
def test_what_was_recorded_before_the_day_is_exactly_what_is_missing(today: date, ago: int, within: int) -> None:
    policy = ForcePolicy(within, 28, 90, 1, 0, 3, 5)
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

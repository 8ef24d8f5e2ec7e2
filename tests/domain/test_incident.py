"""The 72 hours in which the Information Commissioner is told: hours that pass, weekends and clock changes included."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.incident import Reminder, TellingClock

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("found", "due"),
    [
        ("2026-05-22 16:30", "2026-05-25 16:30"),  # a Friday, to the bank holiday Monday
        ("2026-03-27 16:30", "2026-03-30 17:30"),  # an hour of that Sunday did not exist
        ("2026-10-23 16:30", "2026-10-26 15:30"),  # an hour of that Sunday came twice
        ("2026-12-24 09:00", "2026-12-27 09:00"),  # over Christmas
    ],
)
def test_it_is_72_hours_by_the_clock_in_london(found: str, due: str) -> None:
    clock = TellingClock(datetime.fromisoformat(found).replace(tzinfo=LONDON).astimezone(UTC))
    assert f"{clock.due_at.astimezone(LONDON):%Y-%m-%d %H:%M}" == due


@pytest.mark.parametrize(
    ("hours", "reminder"),
    [
        (72.1, None),
        (24.1, None),
        (24, Reminder.A_DAY_LEFT),
        (6.1, Reminder.A_DAY_LEFT),
        (6, Reminder.HOURS_LEFT),
        (0.1, Reminder.HOURS_LEFT),
        (0, Reminder.OVER),
        (-500, Reminder.OVER),
    ],
)
def test_the_last_reminder_that_its_age_has_reached_is_told(hours: float, reminder: Reminder | None) -> None:
    clock = TellingClock(datetime(2026, 3, 27, 16, 30, tzinfo=UTC))
    assert clock.reminder(clock.due_at - timedelta(hours=hours)) == reminder


@given(st.integers(0, 5_000_000), st.integers(-200, 200))
def test_hours_left_are_those_that_pass(since_2020: int, minutes: int) -> None:
    clock = TellingClock(datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=since_2020))
    now = clock.due_at - timedelta(minutes=minutes)
    assert clock.hours_left(now) == minutes // 60
    assert clock.is_over(now) is (minutes < 0)

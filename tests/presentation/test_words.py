"""Dates, times and counts as people say them."""

from datetime import UTC, date, datetime, time

import pytest

from victimcare.presentation import words


def test_a_date_is_said_without_leading_zero() -> None:
    assert words.weekday(date(2026, 5, 2)) == "Saturday 2 May 2026"
    assert words.day(date(2026, 5, 2)) == "2 May 2026"
    assert words.month(date(2026, 5, 2)) == "May 2026"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (time(9, 32), "9:32am"),
        (time(0, 5), "12:05am"),
        (time(12, 0), "midday"),
        (time(0, 0), "midnight"),
        (time(12, 1), "12:01pm"),
        (time(23, 59), "11:59pm"),
    ],
)
def test_a_time_is_said_on_the_twelve_hour_clock(at: time, said: str) -> None:
    assert words.clock(at) == said


def test_an_instant_is_said_in_london_time() -> None:
    assert words.instant(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026 at 12:30am"
    assert words.instant(datetime(2026, 12, 1, 9, 32, tzinfo=UTC)) == "1 December 2026 at 9:32am"


def test_a_count_agrees_with_its_noun() -> None:
    assert words.counted(1, "case") == "1 case"
    assert words.counted(0, "case") == "0 cases"
    assert words.counted(2031, "duty", "duties") == "2,031 duties"


def test_nothing_is_said_to_be_nothing() -> None:
    assert words.or_none(None) == words.or_none("") == "Not recorded"
    assert words.or_none(0) == 0
    assert words.or_none(None, "None") == "None"

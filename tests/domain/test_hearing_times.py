"""When something may go that a victim is to hear: never at a time that is not safe, and as soon as it may."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.calendar import LONDON
from victimcare.domain.hearing_times import TIMES, next_allowed

HOURS = {
    "morning": (time(8), time(12)),
    "afternoon": (time(12), time(17)),
    "evening": (time(17), time(20)),
    "weekend": (time(9), time(20)),
}
CODES = st.frozensets(st.sampled_from(sorted(TIMES)))
INSTANTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def is_within(at: datetime, codes: frozenset[str]) -> bool:
    """Whether the wall clock in London is at one of these times; none: at any."""
    local = at.astimezone(LONDON)
    is_weekend = local.weekday() > 4
    return not codes or any(
        (code == "weekend") == is_weekend and HOURS[code][0] <= local.time() < HOURS[code][1] for code in codes
    )


@given(INSTANTS, CODES, CODES)
def test_nothing_goes_at_a_time_that_is_not_safe_nor_chosen_unless_those_never_meet(
    now: datetime, safe: frozenset[str], chosen: frozenset[str]
) -> None:
    at = next_allowed(now, safe=safe, chosen=chosen, hours=HOURS)
    assert at >= now
    assert is_within(at, safe)
    assert is_within(at, chosen) or (safe and not safe & chosen)
    if is_within(now, safe) and is_within(now, chosen):
        assert at == now, "what may go goes at once"


@given(INSTANTS, CODES, CODES, st.integers(0, 14 * 24))
def test_there_was_no_earlier_time(now: datetime, safe: frozenset[str], chosen: frozenset[str], hours: int) -> None:
    at = next_allowed(now, safe=safe, chosen=chosen, hours=HOURS)
    between = now + timedelta(hours=hours)
    if between < at:
        assert not (is_within(between, safe) and is_within(between, chosen))


@pytest.mark.parametrize(
    ("now", "safe", "chosen", "at"),
    [
        ("2026-05-22T21:00+01:00", {"morning"}, set(), "2026-05-25T08:00+01:00"),
        ("2026-05-22T21:00+01:00", {"any"}, {"weekend"}, "2026-05-23T09:00+01:00"),
        ("2026-05-22T21:00+01:00", {"any"}, set(), "2026-05-22T21:00+01:00"),
        ("2026-05-22T11:59+01:00", {"morning", "evening"}, {"evening"}, "2026-05-22T17:00+01:00"),
        ("2026-05-22T12:00+01:00", {"morning"}, {"weekend"}, "2026-05-25T08:00+01:00"),
        ("2026-10-23T20:00+01:00", {"morning"}, set(), "2026-10-26T08:00+00:00"),
    ],
)
def test_hours_are_those_of_london(now: str, safe: set[str], chosen: set[str], at: str) -> None:
    found = next_allowed(
        datetime.fromisoformat(now).astimezone(UTC), safe=frozenset(safe), chosen=frozenset(chosen), hours=HOURS
    )
    assert found == datetime.fromisoformat(at)

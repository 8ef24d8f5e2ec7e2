"""How long a sign-in lasts and a proof counts; what is later than now counts as neither."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from victimcare.domain.sign_in_life import has_ended, is_proved

NOW = datetime(2026, 5, 22, 9, 30, tzinfo=UTC)


def ago(**units: float) -> datetime:
    return NOW - timedelta(**units)


@pytest.mark.parametrize(
    ("proved_at", "counts"),
    [
        (NOW, True),
        (ago(minutes=9, seconds=59), True),
        (ago(minutes=10), False),
        (ago(minutes=-1), True),
        (ago(minutes=-1, seconds=-1), False),
        (ago(days=-1), False),
    ],
)
def test_a_proof_counts_for_ten_minutes_and_not_by_a_clock_that_was_set_back(proved_at: datetime, counts: bool) -> None:
    assert is_proved(proved_at, now=NOW) is counts


@pytest.mark.parametrize(
    ("created_at", "last_seen_at", "ended"),
    [
        (ago(hours=7, minutes=59), ago(minutes=29), False),
        (ago(hours=8), NOW, True),
        (ago(hours=1), ago(minutes=30), True),
        (ago(seconds=-60), ago(seconds=-60), False),
        (ago(minutes=-2), NOW, True),
        (ago(hours=1), ago(minutes=-2), True),
    ],
)
def test_a_sign_in_lasts_no_longer_for_a_clock_that_was_set_back(
    created_at: datetime, last_seen_at: datetime, ended: bool
) -> None:
    assert has_ended(created_at=created_at, last_seen_at=last_seen_at, now=NOW) is ended

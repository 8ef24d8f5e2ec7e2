"""Intervals, checked against known figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.statistics import difference_interval, wilson_interval


def test_more_than_all_is_not_a_proportion() -> None:
    with pytest.raises(ValueError, match="6 of 5 is not a proportion"):
        wilson_interval(6, 5)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_intervals_agree_with_published_ones(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_no_trials_tell_nothing() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)


@given(st.integers(1, 10_000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
def test_the_interval_holds_the_share_and_mirrors(counted: tuple[int, int]) -> None:
    successes, trials = counted
    low, high = wilson_interval(successes, trials)
    assert 0 <= low <= successes / trials <= high <= 1
    assert wilson_interval(trials - successes, trials) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(
    ("before", "after", "low", "high"),
    [
        ((48, 80), (56, 70), 0.0524, 0.3339),  # Newcombe 1998, table II, method 10
        ((3, 10), (9, 10), 0.1705, 0.8090),
        ((2, 7), (6, 7), 0.0582, 0.8062),
        ((0, 29), (5, 56), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.2775, 0.1611),
        ((0, 10), (10, 10), 0.6075, 1.0),
    ],
)
def test_intervals_of_differences_agree_with_published_ones(
    before: tuple[int, int], after: tuple[int, int], low: float, high: float
) -> None:
    assert difference_interval(before, after) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 300), st.integers(1, 300), st.data())
def test_an_interval_of_a_difference_holds_it_and_mirrors(had: int, has: int, data: st.DataObject) -> None:
    before, after = (data.draw(st.integers(0, had)), had), (data.draw(st.integers(0, has)), has)
    low, high = difference_interval(before, after)
    assert low <= after[0] / has - before[0] / had <= high
    assert difference_interval(after, before) == pytest.approx((-high, -low))


def test_nothing_before_tells_nothing() -> None:
    assert difference_interval((0, 0), (5, 10)) == (-1.0, 1.0)

"""Control charts: worked examples, how often they cry wolf, and how soon they see a change."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.control_chart import (
    Kind,
    Limits,
    Share,
    Sign,
    Signal,
    control_chart,
    p_limits,
    signals,
    xmr_limits,
)

STANDARD = Limits(0.0, -3.0, 3.0)
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
ADJUSTED = [9, 6, 12, 5, 6, 4, 6, 3, 7, 6, 2, 4, 3, 6, 5, 4, 8, 5, 6, 7, 5, 6, 3, 5]
"""Of 50 cans each, not conforming: Montgomery's 30 samples, and 24 after the machine was adjusted."""


def signs(values: Sequence[float], limits: Limits = STANDARD) -> list[tuple[Sign, tuple[int, ...]]]:
    return [(signal.sign, signal.places) for signal in signals(values, [limits] * len(values))]


def test_xmr_limits_of_a_worked_example() -> None:
    """Montgomery's viscosity of 15 batches of paint: mean 33.52, moving range 0.48, limits 32.24 and 34.80."""
    batches = [33.75, 33.05, 34, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.2, 33.62, 33, 33.54, 33.12, 33.84]
    [limits] = set(xmr_limits(batches))
    assert limits.centre == pytest.approx(33.52, abs=0.01)
    assert (limits.lower, limits.upper) == pytest.approx((32.24, 34.80), abs=0.01)
    assert signals(batches, [limits] * len(batches)) == ()


def test_p_limits_of_a_worked_example() -> None:
    """Montgomery's orange juice cans: 30 samples of 50, 347 not conforming: 0.2313, limits 0.0524 and 0.4102."""
    [limits] = set(p_limits([Share(count, 50) for count in CANS]))
    assert limits.centre == pytest.approx(0.2313, abs=5e-5)
    assert (limits.lower, limits.upper) == pytest.approx((0.0524, 0.4102), abs=5e-5)
    chart = control_chart([Share(count, 50) for count in CANS])
    assert chart.newest.kind is Kind.P
    outside = [signal.places[0] for signal in chart.signals if signal.sign is Sign.OUTSIDE]
    assert [place + 1 for place in outside] == [15, 23], "the samples that Montgomery finds out of control"


def test_a_small_whole_has_wider_limits() -> None:
    few, many = p_limits([Share(5, 20), Share(50, 200)])
    assert few.upper is not None
    assert many.upper is not None
    assert few.upper > many.upper


@pytest.mark.parametrize(
    ("points", "whole", "kind"), [(9, 50, "line"), (11, 50, "run"), (12, 50, "p"), (12, 500, "xmr")]
)
def test_what_is_drawn_depends_on_how_much_there_is(points: int, whole: int, kind: str) -> None:
    chart = control_chart([Share(whole // 2 + place % 2, whole) for place in range(points)])
    assert chart.newest.kind == kind
    assert [limits is None for limits in chart.limits] == [kind == "line"] * points
    drawn = [limits for limits in chart.limits if limits]
    assert all((limits.lower is None) == (kind == "run") for limits in drawn)


def test_each_sign_and_the_points_that_make_it() -> None:
    assert signs([0, 0, 3.1, -3.1, 0]) == [(Sign.OUTSIDE, (2,)), (Sign.OUTSIDE, (3,))]
    assert signs([1, -1, 1, 1, 1, 1, 1, 1, 1, -1]) == [(Sign.SHIFT, (2, 3, 4, 5, 6, 7, 8))]
    assert signs([-1.5, -1, -0.5, 0, 0.5, 1, 1.5, 0]) == [(Sign.TREND, (0, 1, 2, 3, 4, 5, 6))]
    assert signs([0, 2.5, -1, 2.5, 0]) == [(Sign.NEAR_LIMIT, (1, 3))]


def test_what_is_just_not_a_sign_is_none() -> None:
    assert signs([3.0, 0, -3.0]) == []
    assert signs([1, 1, 1, 1, 1, 1, -1]) == []
    assert signs([-1.5, -1, -0.5, 0, 0.5, 1, 0]) == []
    assert signs([2.5, 0, 0, 2.5, 0, -2.5, 2.5]) == []


def test_a_point_on_the_centre_is_on_neither_side() -> None:
    assert signs([1, 1, 1, 0, 1, 1, 1]) == []


def test_no_share_of_nothing() -> None:
    with pytest.raises(ZeroDivisionError):
        control_chart([Share(0, 0)])


# ------------------------------------------------------------------------------------------- declared step changes


def test_limits_after_a_declared_step_are_those_of_a_worked_example() -> None:
    """Montgomery again: after the adjustment 133 of 1,200, so that the centre is 0.1108 and the limits 0 and 0.2440."""
    chart = control_chart([Share(count, 50) for count in (*CANS, *ADJUSTED)], [len(CANS)])
    before, after = (chart.limits[segment.first] for segment in chart.segments)
    assert before
    assert after
    assert before.centre == pytest.approx(0.2313, abs=5e-5)
    assert after.centre == pytest.approx(0.1108, abs=5e-5)
    assert (after.lower, after.upper) == pytest.approx((0, 0.2440), abs=5e-5)
    assert [place for signal in chart.signals for place in signal.places if place >= len(CANS)] == []


SHARES = st.builds(lambda whole, part: Share(min(part, whole), whole), st.integers(1, 400), st.integers(0, 400))


@given(shares=st.lists(SHARES, min_size=1, max_size=45), data=st.data())
def test_each_segment_is_judged_as_if_it_were_alone(shares: list[Share], data: st.DataObject) -> None:
    steps = data.draw(st.sets(st.integers(0, len(shares) - 1), max_size=4))
    chart = control_chart(shares, steps)
    assert [segment.first for segment in chart.segments] == sorted({0, *steps})
    assert sum(segment.points for segment in chart.segments) == len(shares) == len(chart.limits) == len(chart.values)
    for segment in chart.segments:
        alone = control_chart(shares[segment.first : segment.until])
        assert alone.newest.kind is segment.kind
        assert chart.limits[segment.first : segment.until] == alone.limits
        own = [signal for signal in chart.signals if segment.has(signal.places[0])]
        told = [Signal(one.sign, tuple(place + segment.first for place in one.places)) for one in alone.signals]
        assert own == told
        assert all(segment.has(place) for signal in own for place in signal.places)


def test_a_change_that_was_declared_is_no_sign_of_change_and_one_that_was_not_is() -> None:
    shares = [Share(600 + place % 5, 1000) for place in range(12)] + [
        Share(800 + place % 5, 1000) for place in range(12)
    ]
    assert control_chart(shares).signals
    assert control_chart(shares, [12]).signals == ()


def test_too_few_points_after_a_step_are_held_against_nothing() -> None:
    chart = control_chart([Share(600 + place % 5, 1000) for place in range(17)], [12])
    assert [(segment.kind, segment.points) for segment in chart.segments] == [(Kind.XMR, 12), (Kind.LINE, 5)]
    assert [limits is None for limits in chart.limits] == [False] * 12 + [True] * 5


@pytest.mark.parametrize("step", [-1, 12])
def test_a_step_begins_at_a_point(step: int) -> None:
    with pytest.raises(ValueError, match="must begin at a point"):
        control_chart([Share(1, 2)] * 12, [step])


# -------------------------------------------------------------------------------------- against theory, and on a change

POINTS = 24


@cache
def chance_of_a_shift(left: int, run: int = 0) -> float:
    """That `left` more points make a run of 7 on one side, when `run` lie on one side now: each is as likely as not."""
    if run == 7:
        return 1.0
    return 0.0 if not left else (chance_of_a_shift(left - 1, run + 1) + chance_of_a_shift(left - 1, 1)) / 2


def test_on_10000_stable_series_false_signs_are_as_rare_as_theory_says() -> None:
    """With the limits of the true mean and spread: 0.27% of points outside; runs of 7 by the law of coins.

    Of trends: a window of 7 rises or falls all along in 2 of 5,040 orders.
    """
    chance, series = Random(41), 10_000
    outside = shifted = windows = 0
    for _ in range(series):
        values = [chance.gauss(0, 1) for _ in range(POINTS)]
        found = signals(values, [STANDARD] * POINTS)
        outside += sum(signal.sign is Sign.OUTSIDE for signal in found)
        shifted += any(signal.sign is Sign.SHIFT for signal in found)
        windows += sum(len(signal.places) - 6 for signal in found if signal.sign is Sign.TREND)
    told = f"outside {outside / series / POINTS:.5f}, shift {shifted / series:.4f}, trends {windows}"
    print(told)
    assert outside / series / POINTS == pytest.approx(0.0026998, rel=0.1), told
    assert shifted / series == pytest.approx(chance_of_a_shift(POINTS), rel=0.1), told
    assert windows == pytest.approx(series * (POINTS - 6) * 2 / 5040, rel=0.25), told


def test_a_change_of_one_and_a_half_standard_deviations_is_found_within_8_points() -> None:
    chance, tries = Random(42), 2_000
    found = 0
    for _ in range(tries):
        values = [chance.gauss(0, 1) for _ in range(POINTS)] + [chance.gauss(1.5, 1) for _ in range(8)]
        limits = xmr_limits(values[:POINTS], lowest=-9)[0]
        found += any(max(signal.places) >= POINTS for signal in signals(values, [limits] * len(values)))
    print(f"found {found / tries:.1%} of changes within 8 points")
    assert found / tries >= 0.8


def test_signals_are_told_with_their_points() -> None:
    chart = control_chart([Share(500, 1000 + place % 3) for place in range(20)] + [Share(900, 1000)])
    assert Signal(Sign.OUTSIDE, (20,)) in chart.signals

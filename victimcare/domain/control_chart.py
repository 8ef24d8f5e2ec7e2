"""Whether a series of figures changed, or only moved as such figures always do: control charts.

An XmR chart (individuals and moving ranges) has limits of 2.66 mean moving ranges round its mean; a p-chart, for shares
of few, three standard deviations of chance. Four signs say that something changed; without any, nothing did that the
figures could tell. Limits are drawn anew only from a step change that was declared, never by the eye: what comes before
it and what comes after are then two segments, of which neither knows of the other.

Rules and constants: Shewhart's, as in the National Health Service's Making Data Count (safety-and-screens.md, B1).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import sqrt
from statistics import fmean, median
from typing import Final

FEWEST_FOR_MEDIAN: Final = 10
FEWEST_FOR_LIMITS: Final = 12
IN_A_ROW: Final = 7
_XMR: Final = 2.66
_SMALL_DENOMINATOR: Final = 100


class Kind(StrEnum):
    """What is drawn: the line alone, a run chart with its median, or limits of one of two kinds."""

    LINE = "line"
    RUN = "run"
    XMR = "xmr"
    P = "p"


class Sign(StrEnum):
    """A sign of special cause. Above or below is told by the points."""

    OUTSIDE = "outside"
    SHIFT = "shift"
    TREND = "trend"
    NEAR_LIMIT = "near_limit"


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, as a month shows them."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """From 0 to 1."""
        return self.part / self.whole


@dataclass(frozen=True, slots=True)
class Limits:
    """What a point is held against: `centre` and, but on a run chart, `lower` and `upper`."""

    centre: float
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """A sign, and the points (by their places) that make it."""

    sign: Sign
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """The points from the place `first` up to `until` (half-open), which are held against each other alone."""

    first: int
    until: int
    kind: Kind

    @property
    def points(self) -> int:
        """How many there are."""
        return self.until - self.first

    def has(self, place: int) -> bool:
        """Whether the point at this place is one of them."""
        return self.first <= place < self.until


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A series with what it is held against. `limits` has one for each point, None where nothing can be drawn.

    `segments` follow each other without a gap; there is one where no step change was declared.
    """

    values: tuple[float, ...]
    limits: tuple[Limits | None, ...]
    signals: tuple[Signal, ...]
    segments: tuple[Segment, ...]

    @property
    def newest(self) -> Segment:
        """The segment of the newest point: of how it goes now."""
        return self.segments[-1]

    def segment_at(self, place: int) -> Segment:
        """The segment of the point at this place."""
        return next(segment for segment in self.segments if segment.has(place))


def control_chart(shares: Sequence[Share], steps: Collection[int] = ()) -> ControlChart:
    """The chart of these shares, the oldest first; `steps` are the places from which limits are counted anew.

    Each segment is judged by itself. Under 10 points it is a line, under 12 a run chart. Then a p-chart where the
    wholes are under 100 on average, so that chance decides, and an XmR chart otherwise. No sign reaches over a step.
    Raises ValueError where a step is no place, ZeroDivisionError where a share is of nothing.
    """
    if any(not 0 <= step < len(shares) for step in steps):
        raise ValueError("a step must begin at a point")
    edges = [0, *sorted(set(steps) - {0}), len(shares)]
    parts = [_segment(shares[first:until], first) for first, until in pairwise(edges)]
    return ControlChart(
        tuple(share.value for share in shares),
        tuple(limits for part in parts for limits in part.limits),
        tuple(signal for part in parts for signal in part.signals),
        tuple(segment for part in parts for segment in part.segments),
    )


def _segment(shares: Sequence[Share], first: int) -> ControlChart:
    """The chart of one segment, which begins at this place of the whole."""
    values = tuple(share.value for share in shares)
    kind = _kind(shares)
    segment = (Segment(first, first + len(values), kind),)
    if kind is Kind.LINE:
        return ControlChart(values, (None,) * len(values), (), segment)
    limits = _limits(kind, shares, values)
    found = _on_one_side(values, limits) if kind is Kind.RUN else signals(values, limits)
    moved = tuple(Signal(signal.sign, tuple(first + place for place in signal.places)) for signal in found)
    return ControlChart(values, limits, moved, segment)


def _kind(shares: Sequence[Share]) -> Kind:
    if len(shares) < FEWEST_FOR_MEDIAN:
        return Kind.LINE
    if len(shares) < FEWEST_FOR_LIMITS:
        return Kind.RUN
    return Kind.P if fmean(share.whole for share in shares) < _SMALL_DENOMINATOR else Kind.XMR


def _limits(kind: Kind, shares: Sequence[Share], values: Sequence[float]) -> tuple[Limits, ...]:
    if kind is Kind.RUN:
        return (Limits(median(values)),) * len(values)
    return p_limits(shares) if kind is Kind.P else xmr_limits(values, highest=1.0)


def xmr_limits(values: Sequence[float], *, lowest: float = 0.0, highest: float = float("inf")) -> tuple[Limits, ...]:
    """The mean, and 2.66 mean moving ranges on either side of it, no further than values can go."""
    centre = fmean(values)
    width = _XMR * fmean(abs(after - before) for before, after in pairwise(values))
    return (Limits(centre, max(lowest, centre - width), min(highest, centre + width)),) * len(values)


def p_limits(shares: Sequence[Share]) -> tuple[Limits, ...]:
    """The share of all, and three standard deviations of chance on either side: wider where the whole is smaller."""
    centre = sum(share.part for share in shares) / sum(share.whole for share in shares)
    widths = (3 * sqrt(centre * (1 - centre) / share.whole) for share in shares)
    return tuple(Limits(centre, max(0.0, centre - width), min(1.0, centre + width)) for width in widths)


def signals(values: Sequence[float], limits: Sequence[Limits]) -> tuple[Signal, ...]:
    """Every sign of special cause: a point outside, 7 on one side, 7 rising or falling, 2 of 3 near a limit."""
    outside = [place for place, value in enumerate(values) if _is_outside(value, limits[place])]
    return (
        *(Signal(Sign.OUTSIDE, (place,)) for place in outside),
        *_on_one_side(values, limits),
        *_trends(values),
        *_near_a_limit(values, limits),
    )


def _is_outside(value: float, limits: Limits) -> bool:
    return (limits.lower is not None and value < limits.lower) or (limits.upper is not None and value > limits.upper)


def _on_one_side(values: Sequence[float], limits: Sequence[Limits]) -> Iterator[Signal]:
    sides = [(value > of.centre) - (value < of.centre) for value, of in zip(values, limits, strict=True)]
    return (Signal(Sign.SHIFT, run) for run in _runs(sides) if len(run) >= IN_A_ROW)


def _trends(values: Sequence[float]) -> Iterator[Signal]:
    """Seven points, each above the one before it or each below: six steps in one direction."""
    steps = [(after > before) - (after < before) for before, after in pairwise(values)]
    return (Signal(Sign.TREND, (*run, run[-1] + 1)) for run in _runs(steps) if len(run) >= IN_A_ROW - 1)


def _runs(signs: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The places of each unbroken run of the same sign, but for 0, which is neither."""
    run: list[int] = []
    for place, sign in enumerate(signs):
        if run and signs[run[-1]] != sign:
            yield tuple(run)
            run = []
        if sign:
            run.append(place)
    if run:
        yield tuple(run)


def _near_a_limit(values: Sequence[float], limits: Sequence[Limits]) -> Iterator[Signal]:
    """Two of three points in a row in the outer third between the centre and the same limit, inside it."""
    for is_near in (_is_near_upper, _is_near_lower):
        yield from _two_of_three([is_near(value, of) for value, of in zip(values, limits, strict=True)])


def _is_near_upper(value: float, limits: Limits) -> bool:
    upper = limits.upper
    return upper is not None and limits.centre + (upper - limits.centre) * 2 / 3 < value <= upper


def _is_near_lower(value: float, limits: Limits) -> bool:
    lower = limits.lower
    return lower is not None and limits.centre - (limits.centre - lower) * 2 / 3 > value >= lower


def _two_of_three(near: Sequence[bool]) -> Iterator[Signal]:
    """Each pair once, however many threes it is in."""
    places = [place for place, is_near in enumerate(near) if is_near]
    return (Signal(Sign.NEAR_LIMIT, pair) for pair in pairwise(places) if pair[1] - pair[0] <= 2)

"""Line charts as SVG, drawn on the server: classes only, so that a page's policy against inline style holds.

A chart is given the words of its figures as the page's table and its CSV show them, and adds none of its own. It is
drawn in one of two shapes, so that its text is readable on a telephone; the style sheet shows the one that fits.
Lines differ by dash and marker too, so that they can be told apart without colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor

from markupsafe import Markup

_TICKS = (1, 2, 5, 10, 20, 25)
_MOST_TICKS = 6
_LABEL_HEIGHT = 18


@dataclass(frozen=True, slots=True)
class Point:
    """One figure: where it is drawn (None: it is not), and its words.

    `open` marks one that may still change, `signal` one that tells of a change.
    """

    value: float | None
    words: str
    open: bool = False
    signal: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """A line. `style` is its class in the style sheet (measured, path, baseline, limit); `end` is its last figure."""

    name: str
    end: str
    style: str
    points: tuple[Point, ...]
    marked: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """That something else begins at a place: a line before it, with its mark ("A"); `words` say what.

    Lines without markers (limits) break there.
    """

    place: int
    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over the same places. `places` are labels of two lines ("Oct", "2026"); values are percentages.

    The scale begins at 0 or, where `close`, not far below the lowest value.
    """

    id: str
    title: str
    description: str
    places: tuple[tuple[str, str], ...]
    series: tuple[Series, ...]
    close: bool = False
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of the drawing in its own units, the margins round the plot, and how many places are labelled."""

    name: str
    width: int
    height: int
    left: int
    right: int
    labels: int

    top: int = 14
    bottom: int = 46


WIDE = Shape("wide", 900, 380, 52, 120, 8)
NARROW = Shape("narrow", 340, 340, 48, 106, 3)


def in_both_shapes(chart: LineChart) -> tuple[Markup, ...]:
    """Wide and narrow: the style sheet shows the one that fits."""
    return draw(chart, WIDE), draw(chart, NARROW)


def draw(chart: LineChart, shape: Shape = WIDE) -> Markup:
    """The chart as an SVG element."""
    frame = _Frame(chart, shape)
    identity = f"{chart.id}-{shape.name}"
    parts = [
        Markup('<title id="{0}-title">{1}</title><desc id="{0}-desc">{2}</desc>').format(
            identity, chart.title, chart.description
        ),
        *_grid(frame),
        *(part for step in chart.steps for part in _step(step, frame)),
        *(part for series in chart.series for part in _line(series, frame)),
        *_names(frame),
    ]
    return Markup(
        '<svg class="app-chart app-chart--{0}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {1} {2}" role="img"'
        ' aria-labelledby="{3}-title {3}-desc">{4}</svg>'
    ).format(shape.name, shape.width, shape.height, identity, Markup("\n").join(parts))


class _Frame:
    """Where places and values lie in the drawing."""

    def __init__(self, chart: LineChart, shape: Shape) -> None:
        self.chart = chart
        self.shape = shape
        values = [point.value for series in chart.series for point in series.points if point.value is not None]
        highest, lowest = max(values, default=0.0) * 1.05, min(values, default=0.0) * 0.95 if chart.close else 0.0
        self.tick = next((tick for tick in _TICKS if (highest - lowest) / tick <= _MOST_TICKS), _TICKS[-1])
        self.lowest = self.tick * floor(lowest / self.tick)
        self.highest = min(100, self.tick * max(1, ceil(highest / self.tick)))

    def x(self, place: float) -> float:
        width = self.shape.width - self.shape.left - self.shape.right
        return self.shape.left + width * place / max(1, len(self.chart.places) - 1)

    def y(self, value: float) -> float:
        height = self.shape.height - self.shape.top - self.shape.bottom
        return self.shape.top + height * (1 - (value - self.lowest) / (self.highest - self.lowest))


def _grid(frame: _Frame) -> Iterator[Markup]:
    right = frame.shape.width - frame.shape.right
    for value in range(frame.lowest, frame.highest + 1, frame.tick):
        y = frame.y(value)
        yield Markup('<line class="app-chart__grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
            frame.shape.left, right, y, y
        )
        yield _text("app-chart__scale", frame.shape.left - 8, y + 5, f"{value}%")
    below = frame.y(frame.lowest) + 20
    step = max(1, ceil(len(frame.chart.places) / frame.shape.labels))
    for place in range(len(frame.chart.places) - 1, -1, -step):
        for line, words in enumerate(frame.chart.places[place]):
            yield _text("app-chart__place", frame.x(place), below + line * _LABEL_HEIGHT, words)


def _step(step: Step, frame: _Frame) -> Iterator[Markup]:
    x, shape = frame.x(step.place - 0.5), frame.shape
    yield Markup(
        '<line class="app-chart__step" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2:.1f}"><title>{3}</title></line>'
    ).format(x, shape.top, frame.y(frame.lowest), step.words)
    yield _text("app-chart__mark", x, shape.top - 2, step.mark)


def _line(series: Series, frame: _Frame) -> Iterator[Markup]:
    """The line, broken where there is no value, then its points: each says its words when pointed at."""
    spots = [
        (frame.x(place), None if point.value is None else frame.y(point.value), point)
        for place, point in enumerate(series.points)
    ]
    begins = () if series.marked else tuple(frame.x(step.place) for step in frame.chart.steps)
    for (drawn, _), run in groupby(spots, key=lambda spot: (spot[1] is not None, sum(x <= spot[0] for x in begins))):
        corners = [f"{x:.1f},{y:.1f}" for x, y, _ in run if y is not None]
        if drawn and len(corners) > 1:
            yield Markup('<polyline class="app-chart__line app-chart__line--{}" points="{}"/>').format(
                series.style, " ".join(corners)
            )
    for x, y, point in spots:
        if y is not None:
            yield _marker(series, x, y, point)
        elif series.marked:
            yield _hidden(point, max(x, frame.shape.left + 14), frame.y(frame.lowest) - 6)


def _marker(series: Series, x: float, y: float, point: Point) -> Markup:
    if point.signal:
        return Markup(
            '<rect class="app-chart__point app-chart__point--signal" x="{:.1f}" y="{:.1f}" width="12" height="12">'
            "<title>{}</title></rect>"
        ).format(x - 6, y - 6, point.words)
    kind = "unmarked" if not series.marked else "open" if point.open else "closed"
    return Markup(
        '<circle class="app-chart__point app-chart__point--{} app-chart__point--{}" cx="{:.1f}" cy="{:.1f}" r="{}">'
        "<title>{}</title></circle>"
    ).format(series.style, kind, x, y, 4 if series.marked else 7, point.words)


def _hidden(point: Point, x: float, y: float) -> Markup:
    """The "[c]" or "[z]" that stands where a point would."""
    start = point.words.find("[")
    mark = point.words[start : start + 3] if start >= 0 else ""
    return Markup('<text class="app-chart__hidden" x="{:.1f}" y="{:.1f}"><title>{}</title>{}</text>').format(
        x, y, point.words, mark
    )


def _names(frame: _Frame) -> Iterator[Markup]:
    """Each line's name at its right end, kept from lying on each other."""
    ends = []
    for series in frame.chart.series:
        last = next((point.value for point in reversed(series.points) if point.value is not None), None)
        if last is not None:
            ends.append((frame.y(last) + 5, series))
    ends.sort(key=lambda end: end[0])
    x = frame.shape.width - frame.shape.right + 10
    for (_, series), y in zip(ends, _apart([y for y, _ in ends], frame), strict=True):
        for number, words in enumerate((series.name, series.end)):
            yield _text(f"app-chart__name app-chart__name--{series.style}", x, y + number * _LABEL_HEIGHT, words)


def _apart(wanted: Sequence[float], frame: _Frame) -> list[float]:
    """The heights, moved down as far as needed for two lines of words each, then up again from the bottom."""
    room = 2 * _LABEL_HEIGHT + 4
    heights: list[float] = []
    for y in wanted:
        heights.append(max(y, heights[-1] + room) if heights else y)
    lowest = float(frame.shape.height - _LABEL_HEIGHT)
    for index in range(len(heights) - 1, -1, -1):
        heights[index] = min(heights[index], lowest)
        lowest = heights[index] - room
    return heights


def _text(style: str, x: float, y: float, words: str) -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>').format(style, x, y, words)

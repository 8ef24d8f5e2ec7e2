"""What months are held against, and what that says: limits begin anew with each declared change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from string import ascii_uppercase
from typing import Protocol

from victimcare.domain.control_chart import Kind, Limits, Segment, Share, Sign, Signal, control_chart
from victimcare.domain.process_changes import ProcessChange, steps_at
from victimcare.presentation.figures import percent
from victimcare.presentation.words import counted, month
from victimcare.queries.compliance_months import MonthShown

KINDS = {
    Kind.LINE: "Fewer than 10 months are shown: too few to tell change from chance, so that no limits are drawn.",
    Kind.RUN: "A run chart: 10 or 11 months are held against their median, too few for limits.",
    Kind.XMR: "An XmR chart: limits are 2.66 times the mean difference between one month and the next, round the mean.",
    Kind.P: "A p-chart, since months count under 100 on average: limits are three standard deviations of chance.",
}
NO_SIGNAL = "No signal: the months differ by no more than such figures always do."


class Months(Protocol):
    """Months, the oldest first, and the changes that were declared of what they are of."""

    @property
    def months(self) -> Sequence[MonthShown]:
        """The months."""

    @property
    def changes(self) -> Sequence[ProcessChange]:
        """The changes."""


class Judged:
    """Months with what they are held against. `drawn` are those that show a percentage."""

    def __init__(self, of: Months) -> None:
        self.of = of
        self.drawn = [shown for shown in of.months if _share(shown)]
        self.places = {shown.month_on: place for place, shown in enumerate(self.drawn)}
        self.steps = steps_at(list(self.places), of.changes)
        self.marks = dict(zip(self.steps, ascii_uppercase, strict=False))
        self.chart = control_chart([share for shown in self.drawn if (share := _share(shown))], self.steps)

    @cached_property
    def signs(self) -> dict[int, Sign]:
        """By place, the sign of change that the month is part of."""
        return {place: signal.sign for signal in self.chart.signals for place in signal.places}

    def month(self, place: int) -> str:
        """The month at a place of the chart."""
        return month(self.drawn[place].month_on)

    def limits(self, shown: MonthShown) -> Limits | None:
        """What a month is held against; None for nothing."""
        place = self.places.get(shown.month_on)
        return None if place is None else self.chart.limits[place]

    def begins(self, shown: MonthShown) -> str:
        """The letter of the change with which limits begin anew in this month, or ""."""
        return self.marks.get(self.places.get(shown.month_on, -1), "")


def title(name: str, judged: Judged) -> str:
    """What happened since the last declared change, in ten words at most."""
    newest = judged.chart.newest
    mark = judged.marks.get(newest.first)
    months = counted(newest.points, "month") + (f" since change {mark}" if mark else "")
    if newest.kind is Kind.LINE:
        return f"{name}: {months}, too few to judge"
    if any(newest.has(place) for signal in judged.chart.signals for place in signal.places):
        return f"{name}: signs of change in {months}"
    return f"{name}: {months}, no sign of change" if mark else f"{name}: no change that {months} could tell"


def sentences(judged: Judged) -> tuple[str, ...]:
    """What each segment says, and with which change it begins; nothing where there are too few months for any."""
    chart = judged.chart
    if len(chart.segments) == 1:
        return () if chart.newest.kind is Kind.LINE else tuple(_of_segment(judged, chart.newest))
    return tuple(words for segment in chart.segments for words in _told_apart(judged, segment))


def _told_apart(judged: Judged, segment: Segment) -> Iterator[str]:
    """Of one of several segments: why it begins, and what it says of which months."""
    for change in judged.steps.get(segment.first, ()):
        mark = judged.marks.get(segment.first, "")
        yield f"Change {mark}, declared: {_since(change, judged, segment)}. {_ended(change.reason)}"
    months = f"{judged.month(segment.first)} to {judged.month(segment.until - 1)}"
    if segment.kind is Kind.LINE:
        yield f"{months}: {counted(segment.points, 'month')}, too few to judge."
    else:
        yield f"{months}: {' '.join(_of_segment(judged, segment))}"


def _since(change: ProcessChange, judged: Judged, segment: Segment) -> str:
    began, first = month(change.from_on), judged.month(segment.first)
    words = f"from {began} the process is another, and limits begin anew"
    return words if began == first else f"{words} with {first}, the first month since that is shown"


def _ended(reason: str) -> str:
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."


def _of_segment(judged: Judged, segment: Segment) -> Iterator[str]:
    found = [signal for signal in judged.chart.signals if segment.has(signal.places[0])]
    yield from (_sentence(signal, judged) for signal in found)
    if not found:
        yield NO_SIGNAL


def kinds(judged: Judged) -> str:
    """What the limits are, of each segment that has others than the one before it."""
    segments = judged.chart.segments
    if len(segments) == 1:
        return KINDS[segments[0].kind]
    return " ".join(
        f"{judged.month(one.first)} to {judged.month(one.until - 1)}: {KINDS[one.kind]}" for one in segments
    )


def _sentence(signal: Signal, judged: Judged) -> str:
    chart, places = judged.chart, signal.places
    first, last = judged.month(places[0]), judged.month(places[-1])
    limits = chart.limits[places[0]]
    above = limits is not None and chart.values[places[0]] > limits.centre
    side = "above" if above else "below"
    match signal.sign:
        case Sign.OUTSIDE:
            return f"{first} ({percent(chart.values[places[0]])}) lies {side} what the other months lead one to expect."
        case Sign.SHIFT:
            return f"{len(places)} months in a row lie {side} the mean: {first} to {last}."
        case Sign.TREND:
            way = "risen" if chart.values[places[-1]] > chart.values[places[0]] else "fallen"
            return f"It has {way} for {len(places)} months in a row: {first} to {last}."
        case Sign.NEAR_LIMIT:
            limit = "upper" if above else "lower"
            return f"Two of three months in a row lie close to the {limit} limit: {first} and {last}."


def _share(shown: MonthShown) -> Share | None:
    met, counted = shown.rate.numerator, shown.rate.denominator
    shows = isinstance(shown.rate.share, float) and isinstance(met, int) and isinstance(counted, int)
    return Share(met, counted) if shows else None  # type: ignore[arg-type]

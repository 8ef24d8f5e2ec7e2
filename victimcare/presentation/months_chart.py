"""The control chart of months: the line, its limits, and where they begin anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from victimcare.domain.control_chart import ControlChart, Kind
from victimcare.presentation.charts import LineChart, Point, Series, Step
from victimcare.presentation.figures import number, percent
from victimcare.presentation.months_judged import Judged, kinds, sentences, title
from victimcare.presentation.words import month
from victimcare.queries.compliance_months import MonthShown


@dataclass(frozen=True, slots=True)
class Measured:
    """What the months are of, in words: `share` of it all, the name of its `line`, and what it counts (`of`)."""

    id: str
    name: str
    share: str
    line: str
    of: str


def duties_in_time(agency: str, name: str) -> Measured:
    """Of an agency, that is called so."""
    return Measured(agency.replace("_", "-"), name, "Share of duties met in time", "In time", "duties")


def months_chart(judged: Judged, measured_as: Measured) -> LineChart:
    """Drawn over all of the months; those whose percentage is hidden have a mark in the place of a point."""
    of, chart = judged.of, judged.chart
    limits = [judged.limits(shown) for shown in of.months]
    measured = tuple(
        _measured(shown, measured_as, is_signal=judged.places.get(shown.month_on) in judged.signs)
        for shown in of.months
    )
    lines: list[tuple[str, str, list[float | None]]] = [
        ("Upper limit", "limit", [limit.upper if limit else None for limit in limits]),
        (_centre(chart), "baseline", [limit.centre if limit else None for limit in limits]),
        ("Lower limit", "limit", [limit.lower if limit else None for limit in limits]),
    ]
    series = [Series(measured_as.line, percent(chart.values[-1]), "measured", measured)]
    for called, style, values in lines:
        if any(value is not None for value in values):
            points = _held_against(called, values, of.months)
            series.append(Series(called, _end(values, judged), style, points, marked=False))
    return LineChart(
        id=f"months-{measured_as.id}",
        title=title(measured_as.name, judged),
        description=" ".join((f"{measured_as.share}, {measured_as.name}.", *sentences(judged), kinds(judged))),
        places=tuple(_label(shown.month_on) for shown in of.months),
        series=tuple(series),
        close=True,
        steps=tuple(_steps(judged)),
    )


def _steps(judged: Judged) -> Iterator[Step]:
    for place, shown in enumerate(judged.of.months):
        if mark := judged.begins(shown):
            yield Step(place, mark, f"{month(shown.month_on)}: limits begin anew, change {mark}")


def _centre(chart: ControlChart) -> str:
    """What the middle line is, where it is the same in every segment that has one."""
    medians = {segment.kind is Kind.RUN for segment in chart.segments if segment.kind is not Kind.LINE}
    return "Centre" if len(medians) > 1 else "Median" if True in medians else "Mean"


def _end(values: Sequence[float | None], judged: Judged) -> str:
    """The last figure of a line that goes on; of one that ended with a change, its last month."""
    place = max(place for place, value in enumerate(values) if value is not None)
    if judged.chart.limits[-1] is None:
        return f"to {' '.join(_label(judged.of.months[place].month_on))}"
    return percent(values[place])


def _label(month_on: date) -> tuple[str, str]:
    name, year = month(month_on).split()
    return name[:3], year


def _measured(shown: MonthShown, measured_as: Measured, *, is_signal: bool) -> Point:
    share, line = shown.rate.share, measured_as.line.lower()
    counted = f"{number(shown.rate.numerator)} of {number(shown.rate.denominator)} {measured_as.of}"
    words = f"{month(shown.month_on)}: {line} {percent(share)}, {counted}{', a sign of change' if is_signal else ''}"
    return Point(share * 100 if isinstance(share, float) else None, words, signal=is_signal)


def _held_against(called: str, values: Sequence[float | None], months: Sequence[MonthShown]) -> tuple[Point, ...]:
    return tuple(
        Point(None if value is None else value * 100, f"{month(shown.month_on)}: {called.lower()} {percent(value)}")
        for value, shown in zip(values, months, strict=True)
    )

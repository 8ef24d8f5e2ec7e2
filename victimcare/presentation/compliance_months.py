"""Whether compliance changed, in words: each agency's control chart, its title and its table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from victimcare.domain.control_chart import ControlChart, Kind, Share, Sign, Signal, control_chart
from victimcare.presentation.charts import LineChart, Point, Series
from victimcare.presentation.figures import interval_ends, interval_words, number, percent, plain_number, plain_percent
from victimcare.presentation.words import counted, month
from victimcare.queries.compliance_months import AgencyMonths, MonthShown

KINDS = {
    Kind.LINE: "Fewer than 10 months are shown: too few to tell change from chance, so that no limits are drawn.",
    Kind.RUN: "A run chart: 10 or 11 months are held against their median, too few for limits.",
    Kind.XMR: "An XmR chart: limits are 2.66 times the mean difference between one month and the next, round the mean.",
    Kind.P: "A p-chart, since months have under 100 duties on average: limits are three standard deviations of chance.",
}
NO_SIGNAL = "No signal: the months differ by no more than such figures always do."


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of the table in words."""

    month: str
    share: str
    interval: str
    met: str
    counted: str
    sign: str


@dataclass(frozen=True, slots=True)
class MonthsShown:
    """An agency's months: what happened, the chart (None: no month shows a percentage), and the table."""

    agency: str
    title: str
    says: tuple[str, ...]
    kind: str
    chart: LineChart | None
    rows: tuple[MonthRow, ...]


def months_shown(of: AgencyMonths, name: str) -> MonthsShown:
    """The agency's months; `name` is what it is called."""
    drawn = [shown for shown in of.months if _share(shown)]
    chart = control_chart([share for shown in drawn if (share := _share(shown))])
    signs = {drawn[place].month_on: signal.sign for signal in chart.signals for place in signal.places}
    return MonthsShown(
        agency=of.agency,
        title=_title(name, chart, len(drawn)),
        says=_sentences(chart, drawn),
        kind=KINDS[chart.kind],
        chart=_chart(of, name, chart, drawn) if drawn else None,
        rows=tuple(_row(shown, signs.get(shown.month_on)) for shown in reversed(of.months)),
    )


CSV_HEADER = (
    "Agency",
    "Month",
    "Met in time (%)",
    "95% interval from (%)",
    "95% interval to (%)",
    "Met",
    "Duties counted",
    "Chart",
    "Lower limit (%)",
    "Centre (%)",
    "Upper limit (%)",
    "Sign of change",
)


def csv_rows(of: AgencyMonths, name: str) -> Iterator[Sequence[str]]:
    """The table and what the chart holds each month against, for machines, the oldest first."""
    drawn = [shown for shown in of.months if _share(shown)]
    chart = control_chart([share for shown in drawn if (share := _share(shown))])
    places = {shown.month_on: place for place, shown in enumerate(drawn)}
    signs = {place: signal.sign.value for signal in chart.signals for place in signal.places}
    for shown in of.months:
        place = places.get(shown.month_on)
        limits = chart.limits[place] if place is not None else None
        held = (limits.lower, limits.centre, limits.upper) if limits else (None, None, None)
        low, high = interval_ends(shown.in_time.interval)
        yield (
            name,
            f"{shown.month_on:%Y-%m}",
            *(plain_percent(share) for share in (shown.in_time.share, low, high)),
            plain_number(shown.in_time.numerator),
            plain_number(shown.in_time.denominator),
            chart.kind.value,
            *("" if value is None else plain_percent(value) for value in held),
            signs.get(place, "") if place is not None else "",
        )


def _share(shown: MonthShown) -> Share | None:
    met, counted = shown.in_time.numerator, shown.in_time.denominator
    shows = isinstance(shown.in_time.share, float) and isinstance(met, int) and isinstance(counted, int)
    return Share(met, counted) if shows else None  # type: ignore[arg-type]


def _title(name: str, chart: ControlChart, months: int) -> str:
    """What happened, in ten words at most."""
    if chart.kind is Kind.LINE:
        return f"{name}: {counted(months, 'month')}, too few to judge"
    if not chart.signals:
        return f"{name}: no change that {months} months could tell"
    return f"{name}: signs of change in {months} months"


def _sentences(chart: ControlChart, drawn: Sequence[MonthShown]) -> tuple[str, ...]:
    if chart.kind is Kind.LINE:
        return ()
    return tuple(_sentence(signal, chart, drawn) for signal in chart.signals) or (NO_SIGNAL,)


def _sentence(signal: Signal, chart: ControlChart, drawn: Sequence[MonthShown]) -> str:
    places = signal.places
    first, last = month(drawn[places[0]].month_on), month(drawn[places[-1]].month_on)
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


def _chart(of: AgencyMonths, name: str, chart: ControlChart, drawn: Sequence[MonthShown]) -> LineChart:
    places = {shown.month_on: place for place, shown in enumerate(drawn)}
    signalling = {place for signal in chart.signals for place in signal.places}
    limits = [chart.limits[places[shown.month_on]] if shown.month_on in places else None for shown in of.months]
    measured = tuple(_measured(shown, places.get(shown.month_on) in signalling) for shown in of.months)
    series = [Series("In time", percent(chart.values[-1]), "measured", measured)]
    centre = "Median" if chart.kind is Kind.RUN else "Mean"
    lines: list[tuple[str, str, list[float | None]]] = [
        ("Upper limit", "limit", [limit.upper if limit else None for limit in limits]),
        (centre, "baseline", [limit.centre if limit else None for limit in limits]),
        ("Lower limit", "limit", [limit.lower if limit else None for limit in limits]),
    ]
    for called, style, values in lines:
        if any(value is not None for value in values):
            last = next(value for value in reversed(values) if value is not None)
            series.append(Series(called, percent(last), style, _held_against(called, values, of.months), marked=False))
    return LineChart(
        id=f"months-{of.agency}".replace("_", "-"),
        title=_title(name, chart, len(drawn)),
        description=" ".join((f"Share of duties met in time, {name}.", *_sentences(chart, drawn), KINDS[chart.kind])),
        places=tuple(_label(shown.month_on) for shown in of.months),
        series=tuple(series),
        close=True,
    )


def _label(month_on: date) -> tuple[str, str]:
    name, year = month(month_on).split()
    return name[:3], year


def _measured(shown: MonthShown, is_signal: bool) -> Point:
    share = shown.in_time.share
    duties = f"{number(shown.in_time.numerator)} of {number(shown.in_time.denominator)} duties"
    words = f"{month(shown.month_on)}: in time {percent(share)}, {duties}{', a sign of change' if is_signal else ''}"
    return Point(share * 100 if isinstance(share, float) else None, words, signal=is_signal)


def _held_against(called: str, values: Sequence[float | None], months: Sequence[MonthShown]) -> tuple[Point, ...]:
    return tuple(
        Point(None if value is None else value * 100, f"{month(shown.month_on)}: {called.lower()} {percent(value)}")
        for value, shown in zip(values, months, strict=True)
    )


def _row(shown: MonthShown, sign: Sign | None) -> MonthRow:
    return MonthRow(
        month=month(shown.month_on),
        share=percent(shown.in_time.share),
        interval=interval_words(shown.in_time.interval),
        met=number(shown.in_time.numerator),
        counted=number(shown.in_time.denominator),
        sign="Sign of change" if sign else "",
    )

"""Whether compliance changed, in words: each agency's control chart, its title and its table.

Where a change of the process was declared, limits begin anew: the chart marks it with a letter, and whatever is said of
the months before it and since it is said apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from victimcare.domain.process_changes import BOARD, ProcessChange
from victimcare.presentation.charts import LineChart
from victimcare.presentation.figures import interval_ends, interval_words, number, percent, plain_number, plain_percent
from victimcare.presentation.months_chart import duties_in_time, months_chart
from victimcare.presentation.months_judged import Judged, kinds, sentences, title
from victimcare.presentation.words import counted, day, month
from victimcare.queries.compliance_months import AgencyMonths, MonthShown


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of the table in words. `begins` is the letter of the change with which limits begin anew, or ""."""

    month: str
    share: str
    interval: str
    met: str
    counted: str
    sign: str
    begins: str


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A declared change in words. `mark` is its letter on the chart, "" where limits begin nowhere for it."""

    id: int
    mark: str
    month: str
    reason: str
    decided: str
    says: str


@dataclass(frozen=True, slots=True)
class MonthsShown:
    """An agency's months: what happened, the chart (None: no month shows a percentage), the table, declared changes."""

    agency: str
    title: str
    says: tuple[str, ...]
    kind: str
    chart: LineChart | None
    rows: tuple[MonthRow, ...]
    changes: tuple[ChangeShown, ...]

    @property
    def newest(self) -> str:
        """What the months since the last declared change say; "" where there are too few for any to be judged."""
        return self.says[-1] if any(change.mark for change in self.changes) else " ".join(self.says)


def months_shown(of: AgencyMonths, name: str) -> MonthsShown:
    """The agency's months; `name` is what it is called."""
    judged = Judged(of)
    return MonthsShown(
        agency=of.agency,
        title=title(name, judged),
        says=sentences(judged),
        kind=kinds(judged),
        chart=months_chart(judged, duties_in_time(of.agency, name)) if judged.drawn else None,
        rows=tuple(_row(shown, judged) for shown in reversed(of.months)),
        changes=tuple(_change(change, judged, name) for change in of.changes),
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
    "Held against months since",
    "Declared change",
)


def csv_rows(of: AgencyMonths, name: str) -> Iterator[Sequence[str]]:
    """The table and what the chart holds each month against, for machines, the oldest first."""
    judged = Judged(of)
    for shown in of.months:
        place = judged.places.get(shown.month_on)
        limits = judged.limits(shown)
        held = (limits.lower, limits.centre, limits.upper) if limits else (None, None, None)
        low, high = interval_ends(shown.rate.interval)
        segment = None if place is None else judged.chart.segment_at(place)
        yield (
            name,
            f"{shown.month_on:%Y-%m}",
            *(plain_percent(share) for share in (shown.rate.share, low, high)),
            plain_number(shown.rate.numerator),
            plain_number(shown.rate.denominator),
            segment.kind.value if segment else "",
            *("" if value is None else plain_percent(value) for value in held),
            judged.signs[place].value if place in judged.signs else "",
            f"{judged.drawn[segment.first].month_on:%Y-%m}" if segment else "",
            " ".join(change.reason for change in judged.steps.get(-1 if place is None else place, ())),
        )


def _change(change: ProcessChange, judged: Judged, name: str) -> ChangeShown:
    place = next((place for place, changes in judged.steps.items() if change in changes), None)
    who = "the board" if change.decided_by == BOARD else name
    late = change.months_afterwards
    afterwards = f", {counted(late, 'month')} after it" if late > 0 else ""
    return ChangeShown(
        id=change.id,
        mark="" if place is None else judged.marks.get(place, ""),
        month=month(change.from_on),
        reason=change.reason,
        decided=f"{who}, {day(change.decided_on)}; declared here {day(change.declared_on)}{afterwards}",
        says="" if place is not None else _nowhere(change, judged),
    )


def _nowhere(change: ProcessChange, judged: Judged) -> str:
    if judged.drawn and change.from_on <= judged.drawn[0].month_on:
        return "No month before it is shown, so that there is nothing to tell it apart from."
    return "No month since is shown yet: limits begin anew with the first one."


def _row(shown: MonthShown, judged: Judged) -> MonthRow:
    return MonthRow(
        month=month(shown.month_on),
        share=percent(shown.rate.share),
        interval=interval_words(shown.rate.interval),
        met=number(shown.rate.numerator),
        counted=number(shown.rate.denominator),
        sign="Sign of change" if judged.places.get(shown.month_on) in judged.signs else "",
        begins=judged.begins(shown),
    )

"""Compliance with the Code: what became of the duties of a period, by who owes them and by right.

A duty belongs to the period of its day, and to the agency that owes it: a late court result is the court's. Force
policies that the Code does not ask for are not here. Small numbers are hidden as `protect_table` says, and 12 months
show no more than their four quarters together do, so that no quarter can be found by subtraction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, TypeAlias

from sqlalchemy import Connection, false, func, select

from victimcare.domain.compliance import COUNTED, NOT_COUNTED, Outcome
from victimcare.domain.people import Person
from victimcare.domain.statistics import THRESHOLD, Count, Suppressed, protect_table
from victimcare.queries.periods import Period, Quarter
from victimcare.queries.rates import Rate, added
from victimcare.queries.scope import for_the_board
from victimcare.store.dues import DUES

Line: TypeAlias = tuple[str | None, int | None]
"""A line of the table: an agency and a right; an agency with all its rights; or `EVERYTHING`."""

EVERYTHING: Final[Line] = (None, None)


@dataclass(frozen=True, slots=True)
class Compliance:
    """What became of the duties of one line: each is in one of `counts`. A hidden number is `SUPPRESSED`.

    `in_time` is those met in time of all that are counted.
    """

    agency: str | None
    right: int | None
    counts: Mapping[Outcome, Count]
    in_time: Rate
    not_counted: Count

    @property
    def counted(self) -> Count:
        """The duties of which a percentage is met in time."""
        return self.in_time.denominator

    @property
    def total(self) -> Count:
        """Every duty of the line, where both its parts are shown."""
        return added((self.counted, self.not_counted))


@dataclass(frozen=True, slots=True)
class ComplianceView:
    """The table of one period, as known on `as_of` (London date).

    `lines` go by agency, each followed by its rights; `overall` is all of them. `editions` governed these duties.
    """

    period: Period
    as_of: date
    threshold: int
    lines: tuple[Compliance, ...]
    overall: Compliance
    editions: tuple[str, ...]

    @property
    def hides(self) -> bool:
        """Whether any number is hidden."""
        lines = (*self.lines, self.overall)
        return any(isinstance(count, Suppressed) for line in lines for count in (*line.counts.values(), line.counted))


def compliance(
    connection: Connection, *, person: Person, period: Period, today: date, threshold: int = THRESHOLD
) -> ComplianceView:
    """What became of the duties whose day fell in `period`, small numbers hidden.

    Raises `PeriodNotOver` (a duty may still be kept until the end of its day) or `NotForTheBoard`.
    """
    for_the_board(person)
    if period.until_on > today:
        raise PeriodNotOver(period)
    tallies, editions = _tallies(connection, period)
    published = [_published(tallies.get(quarter, Counter()), threshold) for quarter in period.quarters]
    numbers = _added(published)
    lines = sorted((line for line in numbers if line[0] is not None), key=_agency_then_right)
    return ComplianceView(
        period=period,
        as_of=today,
        threshold=threshold,
        lines=tuple(_compliance(line, numbers[line], threshold) for line in lines),
        overall=_compliance(EVERYTHING, numbers[EVERYTHING], threshold),
        editions=tuple(sorted(editions)),
    )


_Tally: TypeAlias = Counter[tuple[Line, Outcome]]
_Part: TypeAlias = Outcome | str
_Numbers: TypeAlias = dict[Line, dict[_Part, Count]]

_COUNTED_SUM, _NOT_COUNTED_SUM = "counted", "not counted"
_PARTS = ((COUNTED, _COUNTED_SUM), (NOT_COUNTED, _NOT_COUNTED_SUM))


def _tallies(connection: Connection, period: Period) -> tuple[dict[Quarter, _Tally], frozenset[str]]:
    """How many duties of each line had each outcome, quarter by quarter, and the editions that governed them.

    It reads along `ix_due_reported` in the index's own order.
    """
    columns = (DUES.c.reported_month, DUES.c.owed_by, DUES.c.right_number, DUES.c.edition, DUES.c.outcome)
    quarter_of = {month: quarter for quarter in period.quarters for month in quarter.months}
    months = sorted(quarter_of)
    of_the_code = DUES.c.policy == false()
    inside = DUES.c.reported_month.between(months[0], months[-1])
    counted = select(*columns, func.count().label("duties")).where(of_the_code, inside).group_by(*columns)
    tallies: dict[Quarter, _Tally] = {}
    editions = set()
    for row in connection.execute(counted):
        tally = tallies.setdefault(quarter_of[row.reported_month], Counter())
        tally[(row.owed_by, row.right_number), Outcome(row.outcome)] += row.duties
        editions.add(row.edition)
    return tallies, frozenset(editions)


def _published(tally: _Tally, threshold: int) -> _Numbers:
    """One quarter's numbers as they may be published: of each line, of each agency, of all."""
    lines = sorted({line for line, _ in tally}, key=_agency_then_right)
    numbers: _Numbers = {}
    for outcomes, sum_name in _PARTS:
        for line, part, count in _protected(tally, lines, outcomes, sum_name, threshold):
            numbers.setdefault(line, {})[part] = count
    return numbers


def _protected(
    tally: _Tally, lines: Sequence[Line], outcomes: Sequence[Outcome], sum_name: str, threshold: int
) -> Iterator[tuple[Line, _Part, Count]]:
    """The counts of these outcomes and their sums, protected together.

    Outcomes are the rows of the protected table, lines its columns, and agencies its groups of columns.
    """
    by_agency = groupby(range(len(lines)), lambda column: lines[column][0])
    groups: dict[Line, list[int]] = {(agency, None): list(columns) for agency, columns in by_agency}
    rows = [[tally[line, outcome] for line in lines] for outcome in outcomes]
    table = protect_table(rows, threshold, groups=list(groups.values()))
    published = zip(table.cells, table.subtotals, table.row_totals, outcomes, strict=True)
    sums = (table.column_totals, table.group_totals, table.grand_total, sum_name)
    for cells, subtotals, total, part in (*published, sums):
        yield from ((line, part, count) for line, count in zip(lines, cells, strict=True))
        yield from ((agency, part, count) for agency, count in zip(groups, subtotals, strict=True))
        yield EVERYTHING, part, total


def _added(quarters: Sequence[_Numbers]) -> _Numbers:
    """The numbers of several quarters, each the sum of what the quarters publish, and hidden if any of those is."""
    lines = {line for numbers in quarters for line in numbers}
    parts = [part for outcomes, sum_name in _PARTS for part in (*outcomes, sum_name)]
    return {
        line: {part: added(numbers.get(line, {}).get(part, 0) for numbers in quarters) for part in parts}
        for line in lines
    }


def _compliance(line: Line, numbers: Mapping[_Part, Count], threshold: int) -> Compliance:
    return Compliance(
        agency=line[0],
        right=line[1],
        counts={outcome: numbers[outcome] for outcome in Outcome},
        in_time=Rate.of(numbers[Outcome.MET], numbers[_COUNTED_SUM], threshold=threshold),
        not_counted=numbers[_NOT_COUNTED_SUM],
    )


def _agency_then_right(line: Line) -> tuple[str, int]:
    return line[0] or "", line[1] or 0


class PeriodNotOver(ValueError):
    """Figures of a period that is not over yet."""

    def __init__(self, period: Period) -> None:
        self.period = period
        super().__init__(f"the period {period.id} is not over until {period.until_on.isoformat()}")

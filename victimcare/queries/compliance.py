"""Compliance with the Code: what became of the duties of a period, by who owes them and by right.

A duty belongs to the period of its day, and to the agency that owes it: a late court result is the court's. Force
policies that the Code does not ask for are not here.

Small numbers are hidden. Each line is protected by itself and no total over lines is published, so that no line
has to hide for another's sake and none can be found by subtraction; and 12 months show no more than their four
quarters together do, so that no quarter can be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection, false, func, select

from victimcare.domain.compliance import COUNTED, NOT_COUNTED, Outcome
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.small_numbers import THRESHOLD, Count, Suppressed, added
from victimcare.domain.suppression import protect_parts
from victimcare.queries.periods import Period, Quarter
from victimcare.queries.rates import Rate
from victimcare.queries.scope import for_the_board
from victimcare.store.dues import DUES

OTHER_AGENCY = "other"
"""Whoever no edition names. Who is complained of is typed in, and what is typed in is not for a board to read."""


class Line(NamedTuple):
    """A line of the table: the clocks of one agency under one right."""

    agency: str
    right: int


@dataclass(frozen=True, slots=True)
class Compliance:
    """What became of the duties of one line: each is in one of `counts`. A hidden number is `SUPPRESSED`.

    `in_time` is those met in time of all that are counted.
    """

    line: Line
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
    """The table of one period, by agency and right, as known on `as_of` (London date).

    `editions` are those that governed these duties.
    """

    period: Period
    as_of: date
    threshold: int
    lines: tuple[Compliance, ...]
    editions: tuple[str, ...]

    @property
    def hides(self) -> bool:
        """Whether any number is hidden."""
        return any(isinstance(count, Suppressed) for line in self.lines for count in line.counts.values())


def compliance(
    connection: Connection,
    *,
    person: Person,
    period: Period,
    today: date,
    law: Law,
    threshold: int = THRESHOLD,
) -> ComplianceView:
    """What became of the duties whose day fell in `period`, small numbers hidden, agencies in the Code's order.

    Raises `PeriodNotOver` (a duty may still be kept until the end of its day) or `NotForTheBoard`.
    """
    for_the_board(person)
    if period.until_on > today:
        raise PeriodNotOver(period)
    agencies = _agencies(law)
    tallies, editions = _tallies(connection, period, agencies)
    lines = sorted(tallies, key=lambda line: (agencies.index(line.agency), line.right))
    return ComplianceView(
        period=period,
        as_of=today,
        threshold=threshold,
        lines=tuple(_compliance(line, tallies[line], period, threshold) for line in lines),
        editions=tuple(sorted(editions)),
    )


_Tally: TypeAlias = Counter[Outcome]
_Part: TypeAlias = Outcome | str

_COUNTED_SUM, _NOT_COUNTED_SUM = "counted", "not counted"
_PARTS = ((COUNTED, _COUNTED_SUM), (NOT_COUNTED, _NOT_COUNTED_SUM))


def _agencies(law: Law) -> list[str]:
    """The agencies that the editions name, and `OTHER_AGENCY`."""
    return [*dict.fromkeys(agency for edition in law.code.editions for agency in edition.agencies), OTHER_AGENCY]


def _tallies(
    connection: Connection, period: Period, agencies: Collection[str]
) -> tuple[dict[Line, dict[Quarter, _Tally]], frozenset[str]]:
    """How many duties of each line had each outcome, quarter by quarter, and the editions that governed them.

    It reads along `ix_due_reported` in the index's own order.
    """
    columns = (DUES.c.reported_month, DUES.c.owed_by, DUES.c.right_number, DUES.c.edition, DUES.c.outcome)
    quarter_of = {month: quarter for quarter in period.quarters for month in quarter.months}
    months = sorted(quarter_of)
    of_the_code = DUES.c.policy == false()
    inside = DUES.c.reported_month.between(months[0], months[-1])
    counted = select(*columns, func.count().label("duties")).where(of_the_code, inside).group_by(*columns)
    tallies: dict[Line, dict[Quarter, _Tally]] = {}
    editions = set()
    for row in connection.execute(counted):
        agency = row.owed_by if row.owed_by in agencies else OTHER_AGENCY
        quarters = tallies.setdefault(Line(agency, row.right_number), {})
        quarters.setdefault(quarter_of[row.reported_month], Counter())[Outcome(row.outcome)] += row.duties
        editions.add(row.edition)
    return tallies, frozenset(editions)


def _compliance(line: Line, tallies: Mapping[Quarter, _Tally], period: Period, threshold: int) -> Compliance:
    quarters = (tallies.get(quarter, Counter()) for quarter in period.quarters)
    published = [dict(_published(tally, threshold)) for tally in quarters]
    numbers = {part: added(quarter[part] for quarter in published) for part in published[0]}
    return Compliance(
        line=line,
        counts={outcome: numbers[outcome] for outcome in Outcome},
        in_time=Rate.of(numbers[Outcome.MET], numbers[_COUNTED_SUM], threshold=threshold),
        not_counted=numbers[_NOT_COUNTED_SUM],
    )


def _published(tally: _Tally, threshold: int) -> Iterator[tuple[_Part, Count]]:
    """One line's numbers of one quarter as they may be published, with what they add up to."""
    for outcomes, sum_name in _PARTS:
        protected = protect_parts([tally[outcome] for outcome in outcomes], threshold)
        yield from zip(outcomes, protected.parts, strict=True)
        yield sum_name, protected.total


class PeriodNotOver(ValueError):
    """Figures of a period that is not over yet."""

    def __init__(self, period: Period) -> None:
        self.period = period
        super().__init__(f"the period {period.id} is not over until {period.until_on.isoformat()}")

"""Compliance with the Code, as it was published: what became of the duties of a period, agency by agency.

A duty belongs to the period of its day, and to the agency that owes it: a late court result is the court's. Force
policies that the Code does not ask for are not here.

Small numbers were hidden when the figures were published (`domain/published_figures.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from victimcare.domain.agencies import OTHER_AGENCY
from victimcare.domain.compliance import Outcome
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.published_figures import DaysTaken, Publication, PublishedLine
from victimcare.domain.small_numbers import Count, Suppressed, added
from victimcare.domain.tally import Breakdown, By
from victimcare.queries.period_tables import PeriodTable, period_table, publications_of
from victimcare.queries.periods import Period
from victimcare.queries.rates import Rate
from victimcare.queries.scope import for_the_board
from victimcare.store.staff import team_names


@dataclass(frozen=True, slots=True)
class Compliance:
    """What became of the duties of one line: each is in one of `counts`. A hidden number is `SUPPRESSED`.

    `value` is what the line is of (a right's number, an area ...), "" for all. `in_time` is those met in time of all
    that are counted. `days` is None where too few were answered, and for several quarters together.
    """

    value: str
    counts: Mapping[Outcome, Count]
    in_time: Rate
    not_counted: Count
    days: DaysTaken | None

    @property
    def counted(self) -> Count:
        """The duties of which a percentage is met in time."""
        return self.in_time.denominator

    @property
    def total(self) -> Count:
        """Every duty of the line, where both its parts are shown."""
        return added((self.counted, self.not_counted))


@dataclass(frozen=True, slots=True)
class ComplianceTable:
    """A table with its sum, as known on `known_on` (London dates, one a version). Without lines all of it is hidden."""

    breakdown: Breakdown
    total: Compliance
    lines: tuple[Compliance, ...]
    known_on: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class ComplianceView:
    """The tables of one period, agencies in the Code's order, and within one by right where each right has its own.

    `editions` are those that governed these duties; `teams` are the names of teams by their ids.
    """

    period: Period
    by: By
    threshold: int
    tables: tuple[ComplianceTable, ...]
    editions: tuple[str, ...]
    teams: Mapping[str, str]

    @property
    def hides(self) -> bool:
        """Whether any number is hidden."""
        lines = [line for table in self.tables for line in (table.total, *table.lines)]
        return any(isinstance(count, Suppressed) for line in lines for count in line.counts.values())

    @property
    def known_on(self) -> tuple[date, ...]:
        """Every day as of which one of the tables is known, the first at the front."""
        return tuple(sorted({day for table in self.tables for day in table.known_on}))


def compliance(connection: Connection, *, person: Person, period: Period, by: By, law: Law) -> ComplianceView:
    """What became of the duties whose day fell in `period`, broken down. Raises `NotPublished` or `NotForTheBoard`."""
    for_the_board(person)
    publications = publications_of(connection, period)
    teams = team_names(connection)
    return as_published(publications, period=period, by=by, agencies=agencies_in_order(law), teams=teams)


def as_published(
    publications: Sequence[Publication], *, period: Period, by: By, agencies: Sequence[str], teams: Mapping[str, str]
) -> ComplianceView:
    """The tables of a period from a publication of each of its quarters, in the order of the agencies."""
    published = {table.breakdown for one in publications for table in one.tables}
    asked_for = (each for each in published if each.of in agencies and _is_asked_for(each, by))
    ordered = sorted(asked_for, key=lambda each: (agencies.index(each.of), int(each.within or 0)))
    threshold = max(one.threshold for one in publications)
    return ComplianceView(
        period=period,
        by=by,
        threshold=threshold,
        tables=tuple(_table(period_table(each, publications), threshold) for each in ordered),
        editions=tuple(sorted({edition for one in publications for edition in one.editions})),
        teams=teams,
    )


def agencies_in_order(law: Law) -> list[str]:
    """The agencies that the editions name, and `OTHER_AGENCY`."""
    return [*dict.fromkeys(agency for edition in law.code.editions for agency in edition.agencies), OTHER_AGENCY]


def _is_asked_for(breakdown: Breakdown, by: By) -> bool:
    """Rules are shown right by right; months by agency."""
    return breakdown.by is by and (by is By.RULE or breakdown.within is None)


def _table(of: PeriodTable, threshold: int) -> ComplianceTable:
    lines = sorted(of.lines, key=lambda line: _rights_by_number(line.value))
    told = tuple(_compliance(line, threshold) for line in lines)
    return ComplianceTable(of.breakdown, _compliance(of.total, threshold), told, of.known_on)


def _rights_by_number(value: str) -> tuple[int, str]:
    """The rest by their names."""
    return int(value) if value.isdecimal() else 0, value


def _compliance(line: PublishedLine, threshold: int) -> Compliance:
    counts = line.outcomes
    return Compliance(
        value=line.value,
        counts=counts,
        in_time=Rate.of(counts[Outcome.MET], line.counted.total, threshold=threshold),
        not_counted=line.not_counted.total,
        days=line.days,
    )

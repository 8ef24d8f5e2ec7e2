"""Compliance with the Code, as it was published: what became of the duties of a period, agency by agency.

A duty belongs to the period of its day, and to the agency that owes it: a late court result is the court's. Force
policies that the Code does not ask for are not here.

Small numbers were hidden when the figures were published (`domain/published_figures.py`). 12 months show the sums of
what their quarters show, and are hidden where one of those is, so that they tell nothing that the quarters do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from victimcare.domain.agencies import OTHER_AGENCY
from victimcare.domain.compliance import COUNTED, NOT_COUNTED, Outcome
from victimcare.domain.duty_tally import Breakdown, By
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.published_figures import DaysTaken, Publication, PublishedLine, PublishedTable
from victimcare.domain.small_numbers import SUPPRESSED, Count, Suppressed, added
from victimcare.domain.suppression import ProtectedParts
from victimcare.queries.periods import Period
from victimcare.queries.rates import Rate
from victimcare.queries.scope import for_the_board
from victimcare.store.publications import last_of
from victimcare.store.staff import TEAMS


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
    found = last_of(connection, period.quarters)
    if len(found) < len(period.quarters):
        raise NotPublished(period)
    publications = [found[quarter] for quarter in period.quarters]
    agencies = agencies_in_order(law)
    breakdowns = {table.breakdown for one in publications for table in one.tables if _is_asked_for(table.breakdown, by)}
    ordered = sorted(breakdowns, key=lambda each: (agencies.index(each.agency), each.right or 0))
    threshold = max(one.threshold for one in publications)
    return ComplianceView(
        period=period,
        by=by,
        threshold=threshold,
        tables=tuple(_table(each, publications, threshold) for each in ordered),
        editions=tuple(sorted({edition for one in publications for edition in one.editions})),
        teams={row.id: row.name for row in connection.execute(select(TEAMS.c.id, TEAMS.c.name))},
    )


def agencies_in_order(law: Law) -> list[str]:
    """The agencies that the editions name, and `OTHER_AGENCY`."""
    return [*dict.fromkeys(agency for edition in law.code.editions for agency in edition.agencies), OTHER_AGENCY]


def _is_asked_for(breakdown: Breakdown, by: By) -> bool:
    """Rules are shown right by right; months by agency."""
    return breakdown.by is by and (by is By.RULE or breakdown.right is None)


def _table(breakdown: Breakdown, publications: Sequence[Publication], threshold: int) -> ComplianceTable:
    found = [one.table(breakdown) for one in publications]
    values = dict.fromkeys(row.value for table in found if table for row in table.rows)
    hidden = any(_hides_all(one, breakdown) for one in publications)
    total = _added("", [_total(one, breakdown) for one in publications], threshold)
    lines = [_added(value, [_row(table, value) for table in found], threshold) for value in _in_order(values)]
    known_on = tuple(sorted({table.known_on for table in found if table}))
    return ComplianceTable(breakdown, total, () if hidden else tuple(lines), known_on)


def _in_order(values: Iterable[str]) -> list[str]:
    """Rights by their numbers, the rest by their names."""
    return sorted(values, key=lambda value: (int(value) if value.isdecimal() else 0, value))


def _hides_all(publication: Publication, breakdown: Breakdown) -> bool:
    """Whether there is something in the table, and all of it is hidden; also where its right is."""
    table = publication.table(breakdown)
    if table is not None:
        return not table.rows
    of_rights = publication.table(Breakdown(breakdown.agency, By.RIGHT))
    return breakdown.right is not None and of_rights is not None and not of_rights.rows


def _total(publication: Publication, breakdown: Breakdown) -> PublishedLine | None:
    table = publication.table(breakdown)
    if table is not None:
        return table.total
    return _HIDDEN if _hides_all(publication, breakdown) else None


def _row(table: PublishedTable | None, value: str) -> PublishedLine | None:
    return next((row for row in table.rows if row.value == value), None) if table else None


def _added(value: str, lines: Sequence[PublishedLine | None], threshold: int) -> Compliance:
    """The sums of what is shown; a quarter without the line has nothing in it."""
    held = [line for line in lines if line]
    counts = {outcome: added(line.outcomes[outcome] for line in held) for outcome in Outcome}
    counted, not_counted = added(line.counted.total for line in held), added(line.not_counted.total for line in held)
    return Compliance(
        value=value,
        counts=counts,
        in_time=Rate.of(counts[Outcome.MET], counted, threshold=threshold),
        not_counted=not_counted,
        days=held[0].days if len(lines) == 1 and held else None,
    )


_HIDDEN = PublishedLine(
    "",
    ProtectedParts((SUPPRESSED,) * len(COUNTED), SUPPRESSED),
    ProtectedParts((SUPPRESSED,) * len(NOT_COUNTED), SUPPRESSED),
    None,
)


class NotPublished(LookupError):
    """Figures of a period of which some were never published."""

    def __init__(self, period: Period) -> None:
        self.period = period
        super().__init__(f"no figures of {period.id} were published")

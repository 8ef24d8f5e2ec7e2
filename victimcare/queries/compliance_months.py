"""Compliance month by month, as it was published: the duties of each agency, for seeing whether anything changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from victimcare.domain.compliance import Outcome
from victimcare.domain.people import Person
from victimcare.domain.process_changes import ProcessChange
from victimcare.domain.published_figures import Publication, PublishedLine
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import SUPPRESSED
from victimcare.domain.tally import Breakdown, By
from victimcare.queries.rates import Rate
from victimcare.queries.scope import for_the_board
from victimcare.store.process_changes import standing
from victimcare.store.publications import last_of


@dataclass(frozen=True, slots=True)
class MonthShown:
    """One month (`month_on` is its first day), and its share: such as duties met in time, of those counted."""

    month_on: date
    rate: Rate


@dataclass(frozen=True, slots=True)
class AgencyMonths:
    """The months of one agency, the oldest first. One in which it had no duty is not among them.

    `changes` are those of its processes that were declared, and not withdrawn.
    """

    agency: str
    months: tuple[MonthShown, ...]
    changes: tuple[ProcessChange, ...] = ()


def compliance_months(
    connection: Connection, *, person: Person, quarters: Sequence[Quarter], agencies: Sequence[str]
) -> tuple[AgencyMonths, ...]:
    """The months of these quarters, in the order of the agencies. Raises `NotForTheBoard`."""
    for_the_board(person)
    publications = [one for _, one in sorted(last_of(connection, quarters).items())]
    return months_as_published(publications, agencies=agencies, changes=standing(connection))


def months_as_published(
    publications: Sequence[Publication], *, agencies: Sequence[str], changes: Sequence[ProcessChange]
) -> tuple[AgencyMonths, ...]:
    """The months of these publications, which are in the order of their quarters, with the changes of each agency."""
    shown = ((agency, tuple(_months(publications, agency))) for agency in agencies)
    of = {agency: tuple(change for change in changes if change.agency == agency) for agency in agencies}
    return tuple(AgencyMonths(agency, months, of[agency]) for agency, months in shown if months)


def _months(publications: Sequence[Publication], agency: str) -> Iterator[MonthShown]:
    for publication in publications:
        table = publication.table(Breakdown(agency, By.MONTH))
        if table is None:
            continue
        rows = {row.value: row for row in table.rows}
        for month in publication.quarter.months:
            row = rows.get(month)
            if row is None or row.counted.total != 0:
                rate = _HIDDEN if row is None else _rate(row, publication.threshold)
                yield MonthShown(date.fromisoformat(f"{month}-01"), rate)


_HIDDEN = Rate(SUPPRESSED, SUPPRESSED, SUPPRESSED, SUPPRESSED)


def _rate(row: PublishedLine, threshold: int) -> Rate:
    return Rate.of(row.outcomes[Outcome.MET], row.counted.total, threshold=threshold)

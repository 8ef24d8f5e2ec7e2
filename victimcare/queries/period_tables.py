"""Tables of a period as they were published: of one quarter, or the sums of what four quarters show.

12 months are hidden where one of their quarters is, so that they tell nothing that the quarters do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from victimcare.domain.counted import groups_of, opened_by
from victimcare.domain.published_figures import Publication, PublishedLine, PublishedTable
from victimcare.domain.small_numbers import SUPPRESSED, added
from victimcare.domain.suppression import ProtectedParts
from victimcare.domain.tally import Breakdown
from victimcare.queries.periods import Period
from victimcare.store.publications import last_of


@dataclass(frozen=True, slots=True)
class PeriodTable:
    """A table with its sum, as known on `known_on` (London dates, one a version). Without lines all of it is hidden."""

    breakdown: Breakdown
    total: PublishedLine
    lines: tuple[PublishedLine, ...]
    known_on: tuple[date, ...]


def publications_of(connection: Connection, period: Period) -> list[Publication]:
    """The last publication of each of its quarters. Raises `NotPublished`."""
    found = last_of(connection, period.quarters)
    if len(found) < len(period.quarters):
        raise NotPublished(period)
    return [found[quarter] for quarter in period.quarters]


def period_table(breakdown: Breakdown, publications: Sequence[Publication]) -> PeriodTable:
    """The table of these publications together; a quarter without it has nothing in it."""
    found = [one.table(breakdown) for one in publications]
    values = dict.fromkeys(row.value for table in found if table for row in table.rows)
    hidden = any(_hides_all(one, breakdown) for one in publications)
    return PeriodTable(
        breakdown,
        _added(breakdown, "", [_total(one, breakdown) for one in publications]),
        () if hidden else tuple(_added(breakdown, value, [_row(table, value) for table in found]) for value in values),
        tuple(sorted({table.known_on for table in found if table})),
    )


def _hides_all(publication: Publication, breakdown: Breakdown) -> bool:
    """Whether there is something in the table, and all of it is hidden; also where its right or its team is."""
    table = publication.table(breakdown)
    if table is not None:
        return not table.rows
    opened = publication.table(Breakdown(breakdown.of, opened_by(breakdown.of)))
    return breakdown.within is not None and opened is not None and not opened.rows


def _total(publication: Publication, breakdown: Breakdown) -> PublishedLine | None:
    table = publication.table(breakdown)
    if table is not None:
        return table.total
    return _hidden(breakdown) if _hides_all(publication, breakdown) else None


def _row(table: PublishedTable | None, value: str) -> PublishedLine | None:
    return next((row for row in table.rows if row.value == value), None) if table else None


def _added(breakdown: Breakdown, value: str, lines: Iterable[PublishedLine | None]) -> PublishedLine:
    """The sums of what is shown. Days have no sum: they are told of one quarter only."""
    quarters = list(lines)
    held = [line for line in quarters if line]
    groups = tuple(
        ProtectedParts(
            tuple(added(line.groups[place].parts[column] for line in held) for column in range(len(group))),
            added(line.groups[place].total for line in held),
        )
        for place, group in enumerate(groups_of(breakdown))
    )
    return PublishedLine(value, groups, held[0].days if len(quarters) == 1 and held else None)


def _hidden(breakdown: Breakdown) -> PublishedLine:
    groups = (ProtectedParts((SUPPRESSED,) * len(group), SUPPRESSED) for group in groups_of(breakdown))
    return PublishedLine("", tuple(groups))


class NotPublished(LookupError):
    """Figures of a period of which some were never published."""

    def __init__(self, period: Period) -> None:
        self.period = period
        super().__init__(f"no figures of {period.id} were published")

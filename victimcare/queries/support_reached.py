"""The way to support, as it was published: of the victims of a period, how many came how far, broken down.

A victim is a case, in the period in which it was opened, at the furthest step that it reached (domain/support_reached).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from victimcare.domain.counted import VICTIMS
from victimcare.domain.people import Person
from victimcare.domain.published_figures import Publication, PublishedLine
from victimcare.domain.small_numbers import Count, Suppressed, added
from victimcare.domain.support_reached import REFERRED, SupportReached
from victimcare.domain.tally import Breakdown, By
from victimcare.queries.period_tables import PeriodTable, period_table, publications_of
from victimcare.queries.periods import Period
from victimcare.queries.rates import Rate
from victimcare.queries.scope import for_the_board
from victimcare.store.staff import team_names


@dataclass(frozen=True, slots=True)
class Victims:
    """The victims of one line. `referred` is of those whose contacts are recorded, `no_evidence` counts the others.

    `reached` is how many of those who were referred came at least so far; `stands` how many so far and no further.
    """

    value: str
    referred: Rate
    reached: Mapping[SupportReached, Count]
    stands: Mapping[SupportReached, Count]
    no_evidence: Count

    @property
    def total(self) -> Count:
        """Every victim of the line, where both its parts are shown."""
        return added((self.referred.denominator, self.no_evidence))

    @classmethod
    def of(cls, line: PublishedLine, *, threshold: int) -> Victims:
        """What a published line says of its victims."""
        referred, not_referred, no_evidence = line.groups
        stands = line.support
        of_all = added((referred.total, not_referred.total))
        return cls(
            line.value,
            Rate.of(referred.total, of_all, threshold=threshold),
            {step: _came_so_far(stands, place, referred.total) for place, step in enumerate(REFERRED)},
            stands,
            no_evidence.total,
        )


def _came_so_far(stands: Mapping[SupportReached, Count], place: int, referred: Count) -> Count:
    """How many of those referred reached the step at this place: those from there on, or all but those before it."""
    before = added(stands[step] for step in REFERRED[:place])
    if isinstance(referred, Suppressed) or isinstance(before, Suppressed):
        return added(stands[step] for step in REFERRED[place:])
    return referred - before


@dataclass(frozen=True, slots=True)
class SupportView:
    """The victims of a period, in all and by the lines of a breakdown. `teams` are the names of teams by their ids."""

    period: Period
    by: By
    threshold: int
    table: PeriodTable
    total: Victims
    lines: tuple[Victims, ...]
    teams: Mapping[str, str]


def victims_of(publications: Sequence[Publication], by: By) -> Victims:
    """All victims of the quarters of these publications, as the table by `by` has them."""
    total = period_table(Breakdown(VICTIMS, by), publications).total
    return Victims.of(total, threshold=max(one.threshold for one in publications))


def support_reached(connection: Connection, *, person: Person, period: Period, by: By) -> SupportView:
    """How far the victims of `period` came. Raises `NotPublished` or `NotForTheBoard`."""
    for_the_board(person)
    publications = publications_of(connection, period)
    table = period_table(Breakdown(VICTIMS, by), publications)
    threshold = max(one.threshold for one in publications)
    return SupportView(
        period=period,
        by=by,
        threshold=threshold,
        table=table,
        total=Victims.of(table.total, threshold=threshold),
        lines=tuple(Victims.of(line, threshold=threshold) for line in table.lines),
        teams=team_names(connection),
    )

"""What stands behind the percentage of duties met in time, as it was published, agency by agency.

Of the duties that were late: why, and whether somebody tried in time. Of those that were met: when that was recorded.
And beside them what supervisors found in the cases that they looked at, so that neither is read alone; and of how
many of their characteristics victims were asked, without which no figure by a characteristic means anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from victimcare.domain.counted import QUALITY, VICTIMS
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.published_figures import Publication
from victimcare.domain.tally import Breakdown, By
from victimcare.queries.compliance import agencies_in_order
from victimcare.queries.period_tables import PeriodTable, period_table, publications_of
from victimcare.queries.periods import Period
from victimcare.queries.scope import for_the_board
from victimcare.store.staff import team_names


@dataclass(frozen=True, slots=True)
class AgencyBehind:
    """Of an agency's duties: those that were late by cause and by whether somebody tried, those met in time, and those
    in no percentage by whether they had been found late.

    Each is None where the agency has none of that kind.
    """

    agency: str
    causes: PeriodTable | None
    tried: PeriodTable | None
    recorded: PeriodTable | None
    overturned: PeriodTable | None


@dataclass(frozen=True, slots=True)
class BehindView:
    """Agencies in the Code's order; `quality` by question, in the order of their codes.

    `asked`: victims by whether they were asked of their characteristics, in all (None: there are none) and by team.
    """

    period: Period
    agencies: tuple[AgencyBehind, ...]
    quality: tuple[PeriodTable, ...]
    asked: PeriodTable | None
    asked_by_team: tuple[tuple[str, PeriodTable], ...]


def behind_the_figures(connection: Connection, *, person: Person, period: Period, law: Law) -> BehindView:
    """What stands behind the figures of `period`. Raises `NotPublished` or `NotForTheBoard`."""
    for_the_board(person)
    publications = publications_of(connection, period)
    found = {table.breakdown for one in publications for table in one.tables}
    agencies = (_behind(agency, found, publications) for agency in agencies_in_order(law))
    asked = Breakdown(VICTIMS, By.ASKED)
    return BehindView(
        period,
        tuple(one for one in agencies if one.causes or one.recorded or one.overturned),
        tuple(period_table(each, publications) for each in sorted(each for each in found if each.of == QUALITY)),
        period_table(asked, publications) if asked in found else None,
        tuple(_by_team(connection, found, publications)),
    )


def _by_team(
    connection: Connection, found: set[Breakdown], publications: Sequence[Publication]
) -> Iterator[tuple[str, PeriodTable]]:
    """The teams that have victims of whom it can be told, by name."""
    names = team_names(connection)
    of_teams = [each for each in found if each.by is By.ASKED and each.within is not None]
    for each in sorted(of_teams, key=lambda each: names.get(each.within or "", each.within or "")):
        yield names.get(each.within or "", each.within or ""), period_table(each, publications)


def _behind(agency: str, found: set[Breakdown], publications: Sequence[Publication]) -> AgencyBehind:
    tables = (Breakdown(agency, by) for by in (By.CAUSE, By.TRIED, By.RECORDED, By.OVERTURNED))
    return AgencyBehind(agency, *(period_table(each, publications) if each in found else None for each in tables))

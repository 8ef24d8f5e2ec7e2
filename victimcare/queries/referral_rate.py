"""The referral rate as it was published: of the victims of each month, the share referred to support, and the path.

A victim is a case, in the month in which it was opened; a referral counts there however late it comes, so that the
last months can still rise. Void cases (recorded in error, duplicates) are no victims. A case whose source records no
contacts proves nothing either way: it is in no rate, whatever was recorded on it later, and is counted apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from sqlalchemy import Connection

from victimcare.domain.calendar import add_calendar_months
from victimcare.domain.clocks import add_limit
from victimcare.domain.counted import VICTIMS
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.published_figures import PublishedLine
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import SUPPRESSED, Count, Suppressed
from victimcare.domain.suppression import ProtectedParts
from victimcare.domain.tally import Breakdown, By
from victimcare.editions.plan import Plan, Reading
from victimcare.queries.period_tables import PeriodTable, period_table
from victimcare.queries.rates import Rate
from victimcare.queries.scope import for_the_board
from victimcare.queries.support_reached import Victims
from victimcare.store.publications import last_of


@dataclass(frozen=True, slots=True)
class ReferralMonth:
    """The victims of one month (`month_on` is its first day). A hidden number is `SUPPRESSED`.

    `referred` is the rate of those whose contacts are recorded; `no_evidence` counts the others. `path` is where the
    plan is at the month's end. `settled`: the time that the Code gives for a referral is over for every one of them.
    """

    month_on: date
    referred: Rate
    no_evidence: Count
    path: float | None
    settled: bool


@dataclass(frozen=True, slots=True)
class ReferralView:
    """Months of published quarters, the oldest first, with one reading of the plan.

    `known_on` are the days as of which they are known (London dates, one a version).
    """

    months: tuple[ReferralMonth, ...]
    plan: Plan
    reading: Reading
    known_on: tuple[date, ...]

    @property
    def against_path(self) -> tuple[int, int]:
        """Of the last 12 months that show both a rate and a path: how many reach it, and how many there are."""
        both = [
            (month.referred.share, month.path)
            for month in self.months
            if isinstance(month.referred.share, float) and month.path is not None
        ][-12:]
        return sum(share >= path for share, path in both), len(both)

    @property
    def hides(self) -> bool:
        """Whether any number is hidden."""
        return any(
            isinstance(count, Suppressed)
            for month in self.months
            for count in (month.referred.numerator, month.referred.denominator, month.no_evidence)
        )


def referral_rate(
    connection: Connection, *, person: Person, quarters: Sequence[Quarter], plan: Plan, reading: Reading, law: Law
) -> ReferralView:
    """The months of these quarters, from the first that had a victim on. Raises `NotForTheBoard`."""
    for_the_board(person)
    publications = [one for _, one in sorted(last_of(connection, quarters).items())]
    tables = [(one, period_table(Breakdown(VICTIMS, By.MONTH), [one])) for one in publications]
    months = [
        _month(name, publication.threshold, table, plan.path_on(reading, _last_of(_first_of(name))), law)
        for publication, table in tables
        for name in publication.quarter.months
    ]
    empty = takewhile(lambda month: month.referred.denominator == 0 and month.no_evidence == 0, months)
    known_on = tuple(sorted({day for _, table in tables for day in table.known_on}))
    return ReferralView(tuple(months[len(list(empty)) :]), plan, reading, known_on)


def _month(name: str, threshold: int, table: PeriodTable, path: float | None, law: Law) -> ReferralMonth:
    """The month; where all of the table is hidden, no more than that there is none of something."""
    row = next((line for line in table.lines if line.value == name), None) or _as_hidden_as(table.total)
    victims = Victims.of(row, threshold=threshold)
    month_on = _first_of(name)
    settled = all(_settled_on(month_on, law) < day for day in table.known_on)
    return ReferralMonth(month_on, victims.referred, victims.no_evidence, path, settled)


def _as_hidden_as(total: PublishedLine) -> PublishedLine:
    groups = (
        ProtectedParts(tuple(map(_nothing_or_hidden, g.parts)), _nothing_or_hidden(g.total)) for g in total.groups
    )
    return PublishedLine("", tuple(groups))


def _nothing_or_hidden(count: Count) -> Count:
    return 0 if count == 0 else SUPPRESSED


def _first_of(name: str) -> date:
    return date.fromisoformat(f"{name}-01")


def _settled_on(month_on: date, law: Law) -> date:
    """The last day on which a referral of one of the month's victims would still be in time."""
    last_on = _last_of(month_on)
    edition = law.code.in_force(last_on)
    rules = edition.rules_started_by(EventKind.CRIME_REPORTED) if edition else ()
    limits = [limit for rule in rules if EventKind.REFERRAL_SENT in rule.met_by for limit in rule.limits.values()]
    return max((add_limit(last_on, limit, law.calendar) for limit in limits), default=last_on)


def _last_of(month_on: date) -> date:
    return add_calendar_months(month_on, 1) - timedelta(days=1)

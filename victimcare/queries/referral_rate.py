"""The referral rate: of the victims of each month, the share referred to support, against the plan's path.

A victim is a case, in the month in which it was opened; a referral counts there however late it comes, so that the
last months can still rise. Void cases (recorded in error, duplicates) are no victims. A case whose source records no
contacts proves nothing either way: it is in no rate, whatever was recorded on it later, and is counted apart.

Each month is protected by itself and no total is published, so that what is hidden of a month does not depend on the
other months shown with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy import Connection, func, select

from victimcare.domain.calendar import add_calendar_months
from victimcare.domain.clocks import add_limit
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.small_numbers import THRESHOLD, Count, Suppressed
from victimcare.domain.support_reached import SupportReached
from victimcare.domain.suppression import protect_table
from victimcare.editions.plan import Plan, Reading
from victimcare.queries.rates import Rate
from victimcare.queries.scope import for_the_board
from victimcare.store.cases import CASES

MONTHS_SHOWN = 24


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
    """Complete months, the oldest first, as known on `as_of` (London date), with one reading of the plan."""

    months: tuple[ReferralMonth, ...]
    plan: Plan
    reading: Reading
    as_of: date
    threshold: int

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
    connection: Connection,
    *,
    person: Person,
    today: date,
    plan: Plan,
    reading: Reading,
    law: Law,
    threshold: int = THRESHOLD,
) -> ReferralView:
    """The last 24 complete months from the first in which a case was opened; older ones where all are.

    Raises `NotForTheBoard`.
    """
    for_the_board(person)
    until_on = _until_on(connection, today)
    victims, unproven, referred = _monthly(connection, until_on)
    months = []
    for month_on in _months(min(victims, default=until_on), until_on):
        rate, no_evidence = _shown(victims[month_on], unproven[month_on], referred[month_on], threshold)
        path = plan.path_on(reading, _last_of(month_on))
        months.append(ReferralMonth(month_on, rate, no_evidence, path, settled=_settled_on(month_on, law) < today))
    return ReferralView(tuple(months), plan, reading, as_of=today, threshold=threshold)


_Monthly: TypeAlias = Counter[date]
"""How many cases, by the first day of the month in which they were opened."""


def _until_on(connection: Connection, today: date) -> date:
    """The first day of this month; where no case is as new as two years, of the month after the last was opened."""
    last = connection.execute(select(func.max(CASES.c.opened_on))).scalar_one()
    this_month = today.replace(day=1)
    is_old = last is not None and last < add_calendar_months(this_month, -MONTHS_SHOWN)
    return add_calendar_months(last.replace(day=1), 1) if is_old else this_month


def _monthly(connection: Connection, until_on: date) -> tuple[_Monthly, _Monthly, _Monthly]:
    """The victims of each complete month: all, those of whom no contacts are recorded, and those referred of the rest.

    It reads along `ix_victim_case_support`.
    """
    from_on = add_calendar_months(until_on, -MONTHS_SHOWN)
    inside = (CASES.c.opened_on >= from_on) & (CASES.c.opened_on < until_on) & (CASES.c.status != "void")
    columns = (CASES.c.opened_on, CASES.c.support)
    victims, unproven, referred = Counter[date](), Counter[date](), Counter[date]()
    for row in connection.execute(select(*columns, func.count().label("cases")).where(inside).group_by(*columns)):
        month_on, reached = row.opened_on.replace(day=1), SupportReached(row.support)
        victims[month_on] += row.cases
        unproven[month_on] += row.cases if reached is SupportReached.NO_EVIDENCE else 0
        referred[month_on] += row.cases if reached.is_referred else 0
    return victims, unproven, referred


def _months(first_on: date, until_on: date) -> Iterator[date]:
    month_on = first_on.replace(day=1)
    while month_on < until_on:
        yield month_on
        month_on = add_calendar_months(month_on, 1)


def _shown(victims: int, unproven: int, referred: int, threshold: int) -> tuple[Rate, Count]:
    """The month's rate and how many victims are in none, protected together."""
    parts = [referred, victims - unproven - referred, unproven]
    table = protect_table([parts], threshold, groups=[[0, 1]])
    return Rate.of(table.cells[0][0], table.subtotals[0][0], threshold=threshold), table.cells[0][2]


def _settled_on(month_on: date, law: Law) -> date:
    """The last day on which a referral of one of the month's victims would still be in time."""
    last_on = _last_of(month_on)
    edition = law.code.in_force(last_on)
    rules = edition.rules_started_by(EventKind.CRIME_REPORTED) if edition else ()
    limits = [limit for rule in rules if EventKind.REFERRAL_SENT in rule.met_by for limit in rule.limits.values()]
    return max((add_limit(last_on, limit, law.calendar) for limit in limits), default=last_on)


def _last_of(month_on: date) -> date:
    return add_calendar_months(month_on, 1) - timedelta(days=1)

"""Needs that no service met, as they were published: what the directory lacks, by area and by need.

A gap is a need of a case for which "no service fits" was recorded in the period; recorded twice, it is one. What was
corrected away is none.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from victimcare.domain.counted import GAPS
from victimcare.domain.people import Person
from victimcare.domain.tally import Breakdown, By
from victimcare.queries.period_tables import PeriodTable, period_table, publications_of
from victimcare.queries.periods import Period
from victimcare.queries.scope import for_the_board


@dataclass(frozen=True, slots=True)
class ReferralGaps:
    """The gaps of a period by need and by area; both tables have the same sum."""

    period: Period
    by_need: PeriodTable
    by_area: PeriodTable


def referral_gaps(connection: Connection, *, person: Person, period: Period) -> ReferralGaps:
    """What could not be met in `period`. Raises `NotPublished` or `NotForTheBoard`."""
    for_the_board(person)
    publications = publications_of(connection, period)
    by_need, by_area = (period_table(Breakdown(GAPS, by), publications) for by in (By.NEED, By.AREA))
    return ReferralGaps(period, by_need, by_area)

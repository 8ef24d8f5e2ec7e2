"""The duties of a quarter, read once for all figures that are made of them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from sqlalchemy import Connection, false, func, select

from victimcare.domain.agencies import OTHER_AGENCY
from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.compliance import Outcome
from victimcare.domain.duty_tally import CountedDuty, Tally
from victimcare.domain.quarter import Quarter
from victimcare.store.dues import DUES

_ANSWERED = (Outcome.MET, Outcome.MET_LATE)


def first_and_last_month(connection: Connection) -> tuple[str, str] | None:
    """The first and the last month ("2026-05") to which a duty of the Code belongs; None where there is none."""
    months = select(func.min(DUES.c.reported_month), func.max(DUES.c.reported_month)).where(DUES.c.policy == false())
    first, last = connection.execute(months).one()
    return (first, last) if first else None


def tally_of(
    connection: Connection, quarter: Quarter, *, agencies: Collection[str], calendar: WorkingCalendar
) -> Tally:
    """Every duty of the Code that belongs to the quarter, by its day. It reads along `ix_due_reported`."""
    columns = (DUES.c.owed_by, DUES.c.right_number, DUES.c.rule, DUES.c.reported_month, DUES.c.area, DUES.c.crime_type)
    more = (DUES.c.tier, DUES.c.team_id, DUES.c.outcome, DUES.c.started_on, DUES.c.ended_on, DUES.c.edition)
    inside = DUES.c.reported_month.between(quarter.months[0], quarter.months[-1])
    working_days = cache(calendar.working_days_between)
    tally = Tally()
    for row in connection.execute(select(*columns, *more).where(DUES.c.policy == false(), inside)):
        outcome = Outcome(row.outcome)
        answered = outcome in _ANSWERED and row.started_on and row.ended_on
        days = max(0, working_days(row.started_on, row.ended_on)) if answered else None
        agency = row.owed_by if row.owed_by in agencies else OTHER_AGENCY
        of = (row.right_number, row.rule, row.reported_month, row.area, row.crime_type, row.tier, row.team_id)
        tally.add(CountedDuty(agency, *of, outcome, days))
        tally.editions.add(row.edition)
    return tally

"""The duties of a quarter, read once for all figures that are made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, false, func, select

from victimcare.domain.agencies import OTHER_AGENCY
from victimcare.domain.calendar import WorkingCalendar, london_date
from victimcare.domain.compliance import LATE, NOT_COUNTED, Outcome
from victimcare.domain.counted import CountedDuty, Overturned, Recorded, Tried
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.quarter import Quarter
from victimcare.domain.tally import Tally
from victimcare.store.breaches import BREACHES
from victimcare.store.dues import DUES
from victimcare.store.journeys import EVENTS, days_of

_ANSWERED = (Outcome.MET, Outcome.MET_LATE)
_COUNTS = DUES.c.policy == false()
_OVERTURNED = {False: Overturned.NEVER_LATE, True: Overturned.WAS_LATE}


def first_and_last_month(connection: Connection) -> tuple[str, str] | None:
    """The first and the last month ("2026-05") to which a duty of the Code belongs; None where there is none."""
    months = select(func.min(DUES.c.reported_month), func.max(DUES.c.reported_month)).where(_COUNTS)
    first, last = connection.execute(months).one()
    return (first, last) if first else None


def add_duties(
    connection: Connection, tally: Tally, quarter: Quarter, *, agencies: Collection[str], calendar: WorkingCalendar
) -> None:
    """Count every duty of the Code that belongs to the quarter, by its day. It reads along `ix_due_reported`."""
    inside = _COUNTS & DUES.c.reported_month.between(quarter.months[0], quarter.months[-1])
    attempts, working_days = _attempts(connection, inside), cache(calendar.working_days_between)
    for row in connection.execute(_duties().where(inside)).mappings():
        tally.add(
            counted_duty(
                row,
                agencies=agencies,
                cause=row["cause"],
                was_overturned=row["overturned_by"] is not None,
                recorded_at=row["recorded_at"],
                attempts=attempts.get(row["case_id"], ()),
                working_days=working_days,
            )
        )
        tally.editions.add(row["edition"])


def counted_duty(
    due: Mapping[Any, Any],
    *,
    agencies: Collection[str],
    cause: str | None,
    was_overturned: bool,
    recorded_at: datetime | None,
    attempts: Collection[date],
    working_days: Callable[[date, date], int],
) -> CountedDuty:
    """What a due row counts for: with the cause of its breach, and whether that stands overturned, where it has one.

    `recorded_at` is when the event that ended it was recorded (UTC instant), and `attempts` the London dates on which
    somebody tried in vain to reach the victim. `agencies` are those of the Code; any other is `OTHER_AGENCY`.
    """
    outcome = Outcome(due["outcome"])
    answered = outcome in _ANSWERED and due["started_on"] and due["ended_on"]
    return CountedDuty(
        agency=due["owed_by"] if due["owed_by"] in agencies else OTHER_AGENCY,
        right=due["right_number"],
        rule=due["rule"],
        month=due["reported_month"],
        area=due["area"],
        crime_type=due["crime_type"],
        tier=due["tier"],
        team=due["team_id"],
        outcome=outcome,
        days=max(0, working_days(due["started_on"], due["ended_on"])) if answered else None,
        cause=cause,
        tried=_tried(due, attempts) if outcome in LATE else None,
        recorded=_recorded(due, recorded_at, was_overturned) if outcome is Outcome.MET else None,
        overturned=_OVERTURNED[was_overturned] if outcome in NOT_COUNTED else None,
    )


def _duties() -> Any:
    """Each with its breach, where it has one, and when the event that ended it was recorded."""
    columns = (DUES.c.owed_by, DUES.c.right_number, DUES.c.rule, DUES.c.reported_month, DUES.c.area, DUES.c.crime_type)
    more = (DUES.c.tier, DUES.c.team_id, DUES.c.outcome, DUES.c.started_on, DUES.c.ended_on, DUES.c.edition)
    when = (DUES.c.case_id, DUES.c.due_on, EVENTS.c.recorded_at, BREACHES.c.cause, BREACHES.c.overturned_by)
    same = ("case_id", "rule", "start_key")
    breach = and_(*(BREACHES.c[name] == DUES.c[name] for name in same))
    joined = DUES.outerjoin(BREACHES, breach).outerjoin(EVENTS, EVENTS.c.key == DUES.c.ended_by)
    return select(*columns, *more, *when).select_from(joined)


def _attempts(connection: Connection, inside: Any) -> dict[int, list[date]]:
    """The days on which somebody tried in vain, by the case, of those that have a duty that was late."""
    late = select(DUES.c.case_id).where(inside, DUES.c.outcome.in_(LATE))
    tried = (EVENTS.c.kind == EventKind.CONTACT_ATTEMPTED) & EVENTS.c.case_id.in_(late)
    attempts: defaultdict[int, list[date]] = defaultdict(list)
    for case_id, attempt in days_of(connection, tried):
        attempts[case_id].append(attempt.on)
    return attempts


def _tried(due: Mapping[Any, Any], attempts: Collection[date]) -> Tried:
    in_time = any(due["started_on"] <= on <= due["due_on"] for on in attempts) if due["started_on"] else False
    return Tried.IN_TIME if in_time else Tried.NOT_IN_TIME


def _recorded(due: Mapping[Any, Any], recorded_at: datetime | None, was_overturned: bool) -> Recorded:
    if was_overturned:
        return Recorded.AFTER_A_BREACH
    late = recorded_at is not None and london_date(recorded_at) > due["due_on"]
    return Recorded.AFTERWARDS if late else Recorded.BY_ITS_DAY

"""What was offered, asked and reached on the journeys of a quarter, read once for the figures made of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from victimcare.domain.counted import STEPS_COUNTED, closed_case
from victimcare.domain.counted_journeys import DayOf, silence, steps_and_stages
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.keeping_in_touch import TELLS_OF_SILENCE
from victimcare.domain.quarter import Quarter
from victimcare.domain.stage_line import STAGES
from victimcare.domain.tally import Tally
from victimcare.store.cases import ASSIGNMENTS, CASES
from victimcare.store.journeys import EVENTS, days_of, journeys_of

_OF_STAGES = tuple(kind for kinds in STAGES.values() for kind in kinds)


def add_steps_and_stages(connection: Connection, tally: Tally, quarter: Quarter) -> None:
    """Count each case once for each kind of step that happened in the quarter, and for each stage reached in it."""
    kinds = EVENTS.c.kind.in_((*STEPS_COUNTED, *_OF_STAGES))
    inside = EVENTS.c.happened_on.between(quarter.from_on, quarter.until_on)
    having = select(EVENTS.c.case_id).where(kinds, inside)
    not_void = CASES.c.id.in_(having) & (CASES.c.status != "void")
    by_case: defaultdict[int, list[DayOf]] = defaultdict(list)
    for case_id, day in days_of(connection, kinds & EVENTS.c.case_id.in_(select(CASES.c.id).where(not_void))):
        by_case[case_id].append(day)
    for days in by_case.values():
        for one in steps_and_stages(days, quarter):
            tally.add(one)


def add_continuity(connection: Connection, tally: Tally, quarter: Quarter) -> None:
    """Count each case that was closed in the quarter and is, by how many officers held it in turn."""
    closings = EVENTS.c.kind == EventKind.CASE_CLOSED
    inside = select(EVENTS.c.case_id).where(closings, EVENTS.c.happened_on.between(quarter.from_on, quarter.until_on))
    closed = CASES.c.id.in_(inside) & (CASES.c.status == "closed")
    closed_on: dict[int, date] = {}
    for case_id, day in days_of(connection, closings & EVENTS.c.case_id.in_(select(CASES.c.id).where(closed))):
        closed_on[case_id] = max(day.on, closed_on.get(case_id, day.on))
    officers = func.count(ASSIGNMENTS.c.officer_id.distinct())
    wanted = (
        select(CASES.c.id, officers.label("officers"))
        .select_from(ASSIGNMENTS.join(CASES, CASES.c.id == ASSIGNMENTS.c.case_id))
        .where(closed)
        .group_by(CASES.c.id)
    )
    held_by = {row.id: row.officers for row in connection.execute(wanted)}
    for case_id, on in closed_on.items():
        if quarter.has(on):
            tally.add(closed_case(held_by[case_id]))


def add_silence(connection: Connection, tally: Tally, quarter: Quarter) -> None:
    """Count each case that was open when the quarter ended, by how long nothing had reached its victim by then."""
    closed_later = select(EVENTS.c.case_id).where(
        EVENTS.c.kind == EventKind.CASE_CLOSED, EVENTS.c.happened_on >= quarter.until_on
    )
    perhaps = (CASES.c.status == "open") | ((CASES.c.status == "closed") & CASES.c.id.in_(closed_later))
    wanted = select(CASES.c.id, CASES.c.ref, CASES.c.opened_on).where(perhaps, CASES.c.opened_on < quarter.until_on)
    cases = {row.id: row for row in connection.execute(wanted)}
    telling, last_on = EVENTS.c.kind.in_(TELLS_OF_SILENCE), quarter.until_on - timedelta(days=1)
    for case_id, journey in journeys_of(connection, {key: row.ref for key, row in cases.items()}, telling).items():
        for one in silence(journey.chains().values(), opened_on=cases[case_id].opened_on, last_on=last_on):
            tally.add(one)

"""What was offered, asked and reached on the journeys of a quarter, read once for the figures made of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from sqlalchemy import Connection, func, select

from victimcare.domain.counted import (
    STEPS_COUNTED,
    STEPS_WITH_RESULT,
    closed_case,
    silent_case,
    stage_reached,
    step,
)
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain, Precision
from victimcare.domain.keeping_in_touch import TELLS_OF_SILENCE, silent_since
from victimcare.domain.quarter import Quarter
from victimcare.domain.stage_line import STAGES, stage_code
from victimcare.domain.tally import Tally
from victimcare.store.cases import ASSIGNMENTS, CASES
from victimcare.store.journeys import EVENTS, DayOf, days_of, journeys_of

_OF_STAGES = tuple(kind for kinds in STAGES.values() for kind in kinds)


def add_steps_and_stages(connection: Connection, tally: Tally, quarter: Quarter) -> None:
    """Count each case once for each kind of step that happened in the quarter, and for each stage reached in it."""
    kinds = EVENTS.c.kind.in_((*STEPS_COUNTED, *_OF_STAGES))
    inside = EVENTS.c.happened_on.between(quarter.from_on, quarter.until_on)
    having = select(EVENTS.c.case_id).where(kinds, inside)
    not_void = CASES.c.id.in_(having) & (CASES.c.status != "void")
    by_case: defaultdict[int, list[DayOf]] = defaultdict(list)
    for day in days_of(connection, kinds & EVENTS.c.case_id.in_(select(CASES.c.id).where(not_void))):
        by_case[day.case_id].append(day)
    for days in by_case.values():
        _add_case(tally, quarter, days)


def _add_case(tally: Tally, quarter: Quarter, days: list[DayOf]) -> None:
    counted = {(day.kind, day.result) for day in days if day.kind in STEPS_COUNTED and _is_in(quarter, day.on)}
    for kind, result in {(kind, result if kind in STEPS_WITH_RESULT else "") for kind, result in counted}:
        tally.add(step(kind, result))
    for (_, earlier_on), (stage, reached_on) in pairwise(_reached(days)):
        if _is_in(quarter, reached_on):
            tally.add(stage_reached(stage_code(stage), (reached_on - earlier_on).days))


def _reached(days: list[DayOf]) -> Iterator[tuple[str, date]]:
    """The stages in their order, each with the day on which it was first reached; only those with a known day.

    A stage that was reached before the one that it follows tells of no way from that to it, and is left out.
    """
    latest = date.min
    for stage, kinds in STAGES.items():
        known = [day.on for day in days if day.kind in kinds and day.precision is not Precision.MONTH]
        if known and min(known) >= latest:
            latest = min(known)
            yield stage, latest


def _is_in(quarter: Quarter, day: date) -> bool:
    return quarter.from_on <= day < quarter.until_on


def add_continuity(connection: Connection, tally: Tally, quarter: Quarter) -> None:
    """Count each case that was closed in the quarter and is, by how many officers held it in turn."""
    closings = EVENTS.c.kind == EventKind.CASE_CLOSED
    inside = select(EVENTS.c.case_id).where(closings, EVENTS.c.happened_on.between(quarter.from_on, quarter.until_on))
    closed = CASES.c.id.in_(inside) & (CASES.c.status == "closed")
    closed_on: dict[int, date] = {}
    for day in days_of(connection, closings & EVENTS.c.case_id.in_(select(CASES.c.id).where(closed))):
        closed_on[day.case_id] = max(day.on, closed_on.get(day.case_id, day.on))
    officers = func.count(ASSIGNMENTS.c.officer_id.distinct())
    wanted = (
        select(CASES.c.id, officers.label("officers"))
        .select_from(ASSIGNMENTS.join(CASES, CASES.c.id == ASSIGNMENTS.c.case_id))
        .where(closed)
        .group_by(CASES.c.id)
    )
    held_by = {row.id: row.officers for row in connection.execute(wanted)}
    for case_id, on in closed_on.items():
        if _is_in(quarter, on):
            tally.add(closed_case(held_by[case_id]))


def add_silence(connection: Connection, tally: Tally, quarter: Quarter) -> None:
    """Count each case that was open when the quarter ended, by how long nothing had reached its victim by then.

    Not those whose victim chose to hear nothing, nor those whose source tells of no contacts (`silent_since`).
    """
    closed_later = select(EVENTS.c.case_id).where(
        EVENTS.c.kind == EventKind.CASE_CLOSED, EVENTS.c.happened_on >= quarter.until_on
    )
    perhaps = (CASES.c.status == "open") | ((CASES.c.status == "closed") & CASES.c.id.in_(closed_later))
    wanted = select(CASES.c.id, CASES.c.ref, CASES.c.opened_on).where(perhaps, CASES.c.opened_on < quarter.until_on)
    cases = {row.id: row for row in connection.execute(wanted)}
    telling = EVENTS.c.kind.in_(TELLS_OF_SILENCE)
    for case_id, journey in journeys_of(connection, {key: row.ref for key, row in cases.items()}, telling).items():
        happened = (chain for chain in journey.chains().values() if chain.happened)
        by_then = [chain for chain in happened if _is_told_by(quarter, chain)]
        since = silent_since(by_then, opened_on=cases[case_id].opened_on)
        if since is not None:
            tally.add(silent_case((quarter.until_on - since).days - 1))


def _is_told_by(quarter: Quarter, chain: EventChain) -> bool:
    """Whether it happened before the quarter ended; what its source tells of is true of a case from the first."""
    return chain.root.kind is EventKind.CRIME_REPORTED or chain.current.happened.on < quarter.until_on

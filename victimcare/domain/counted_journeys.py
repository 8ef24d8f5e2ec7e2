"""What a journey counts for in a board's figures of a quarter: steps, stages, needs not met, closings and silences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from victimcare.domain.case import is_closed, status_of
from victimcare.domain.counted import (
    STEPS_COUNTED,
    STEPS_WITH_RESULT,
    CountedOnce,
    closed_case,
    gap,
    silent_case,
    stage_reached,
    step,
)
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain, Precision
from victimcare.domain.keeping_in_touch import TELLS_OF_SILENCE, silent_since
from victimcare.domain.quarter import Quarter
from victimcare.domain.stage_line import STAGES, stage_code


class DayOf(NamedTuple):
    """That something of this kind happened, and on which London date; of a month alone, its first.

    `result` is the code of what was decided; "" where the kind has no result, or none was given.
    """

    kind: EventKind
    on: date
    precision: Precision
    result: str = ""


def days_of(chains: Iterable[EventChain]) -> list[DayOf]:
    """What happened of `chains`, each as it stands corrected."""
    happened = (chain.current for chain in chains if chain.happened)
    return [
        DayOf(event.kind, event.happened.on, event.happened.precision, str(event.details.get("result", "")))
        for event in happened
    ]


def steps_and_stages(days: Iterable[DayOf], quarter: Quarter) -> Iterator[CountedOnce]:
    """A case counts once for each kind of step that happened in the quarter, and for each stage reached in it."""
    days = list(days)
    counted = {(day.kind, day.result) for day in days if day.kind in STEPS_COUNTED and quarter.has(day.on)}
    for kind, result in {(kind, result if kind in STEPS_WITH_RESULT else "") for kind, result in counted}:
        yield step(kind, result)
    for (_, earlier_on), (stage, reached_on) in pairwise(_reached(days)):
        if quarter.has(reached_on):
            yield stage_reached(stage_code(stage), (reached_on - earlier_on).days)


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


def gaps(chains: Iterable[EventChain], *, area: str, quarter: Quarter) -> Iterator[CountedOnce]:
    """A case counts once for each need for which "no service fits" was recorded in the quarter."""
    happened = (chain.current for chain in chains if chain.happened)
    lacking = (event for event in happened if event.kind is EventKind.NO_SERVICE_FITS)
    for need in {str(event.details["need"]) for event in lacking if quarter.has(event.happened.on)}:
        yield gap(area, need)


def closing(chains: Iterable[EventChain], *, officers: int, quarter: Quarter) -> Iterator[CountedOnce]:
    """A case that is closed counts in the quarter of its last closing, by how many officers held it in turn."""
    happened = [chain.current for chain in chains if chain.happened]
    if is_closed(happened):
        closed_on = max(event.happened.on for event in happened if event.kind is EventKind.CASE_CLOSED)
        if quarter.has(closed_on):
            yield closed_case(officers)


def silence(chains: Iterable[EventChain], *, opened_on: date, last_on: date) -> Iterator[CountedOnce]:
    """A case that was open at the end of `last_on` counts by how long nothing had reached its victim by then.

    Not one whose victim chose to hear nothing, nor one whose source tells of no contacts (`silent_since`).
    """
    telling = [chain for chain in chains if chain.root.kind in TELLS_OF_SILENCE and chain.happened]
    if status_of(telling) == "void":
        return
    since = silent_since([chain for chain in telling if _is_told_by(last_on, chain)], opened_on=opened_on)
    if since is not None:
        yield silent_case((last_on - since).days)


def _is_told_by(last_on: date, chain: EventChain) -> bool:
    """Whether it happened by the end of that day; what its source tells of is true of a case from the first."""
    return chain.root.kind is EventKind.CRIME_REPORTED or chain.current.happened.on <= last_on

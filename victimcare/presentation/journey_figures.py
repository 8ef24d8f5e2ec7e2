"""The journeys of a period in words."""

from __future__ import annotations

from dataclasses import dataclass

from victimcare.domain.counted import MANY_OFFICERS, STEPS_COUNTED
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.published_figures import PublishedLine
from victimcare.domain.small_numbers import Suppressed
from victimcare.domain.stage_line import STAGES, stage_code
from victimcare.presentation.figures import HIDDEN, TOO_FEW, number, percent
from victimcare.queries.journey_figures import JourneyFigures
from victimcare.queries.period_tables import PeriodTable

STEPS = {
    EventKind.VPS_OFFERED: "Victim Personal Statement offered",
    EventKind.VPS_TAKEN: "Victim Personal Statement taken",
    EventKind.VPS_DECLINED: "Victim Personal Statement declined",
    EventKind.VPS_READ: "Victim Personal Statement read in court",
    EventKind.RESTORATIVE_JUSTICE_OFFERED: "Restorative justice offered",
    EventKind.RESTORATIVE_JUSTICE_ANSWERED: "Restorative justice: the victim answered",
    EventKind.COMPENSATION_TOLD: "Told about compensation",
    EventKind.COMPENSATION_APPLIED: "Applied for compensation",
    EventKind.COMPENSATION_DECIDED: "Compensation decided",
    EventKind.SPECIAL_MEASURES_ASKED: "Special measures asked for",
    EventKind.SPECIAL_MEASURES_DECIDED: "Special measures decided",
    EventKind.CPS_MEETING_OFFERED: "Meeting with the Crown Prosecution Service offered",
    EventKind.CPS_MEETING_HELD: "Meeting with the Crown Prosecution Service held",
    EventKind.REVIEW_REQUESTED: "Review of a decision asked for",
    EventKind.REVIEW_DECIDED: "Review of a decision decided",
    EventKind.COMPLAINT_MADE: "Complaint made",
    EventKind.COMPLAINT_ANSWERED: "Complaint answered",
}


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage: in how many cases it was reached, and the days since the one before."""

    name: str
    cases: str
    median: str
    nine_in_ten: str


@dataclass(frozen=True, slots=True)
class OfficersRow:
    """Closed cases by how many officers they had."""

    name: str
    cases: str
    share: str


def steps(view: JourneyFigures) -> tuple[tuple[str, str], ...]:
    """Every step with the cases in which it was done. Where all is hidden, all is said to be."""
    return tuple((STEPS[kind], _cases(view.steps, kind)) for kind in STEPS_COUNTED)


def stages(view: JourneyFigures) -> tuple[StageRow, ...]:
    """Every stage but the first, which has none before it."""
    return tuple(_stage_row(view.stages, name) for name in list(STAGES)[1:])


def _stage_row(table: PeriodTable, name: str) -> StageRow:
    line, cases = _line(table, stage_code(name)), _cases(table, stage_code(name))
    if line is None or line.days is None:
        missing = HIDDEN if cases == HIDDEN else TOO_FEW
        return StageRow(name, cases, missing, missing)
    nine_in_ten = TOO_FEW if line.days.nine_in_ten is None else number(line.days.nine_in_ten)
    return StageRow(name, cases, number(line.days.median), nine_in_ten)


def officers(view: JourneyFigures) -> tuple[OfficersRow, ...]:
    """One officer, two, and so on, of the cases that were closed."""
    table = view.continuity
    rows = [str(count) for count in range(1, MANY_OFFICERS)] + [f"{MANY_OFFICERS}+"]
    return tuple(OfficersRow(officers_in_words(row), _cases(table, row), _share(table, row)) for row in rows)


def closed(view: JourneyFigures) -> str:
    """How many cases were closed."""
    return number(view.continuity.total.groups[0].total)


def officers_in_words(row: str) -> str:
    """Such as "1 officer", or "4 or more officers"."""
    if row.endswith("+"):
        return f"{row[:-1]} or more officers"
    return "1 officer" if row == "1" else f"{row} officers"


def _line(table: PeriodTable, value: str) -> PublishedLine | None:
    return next((line for line in table.lines if line.value == value), None)


def _cases(table: PeriodTable, value: str) -> str:
    line = _line(table, value)
    if line is not None:
        return number(line.groups[0].total)
    return number(0) if table.lines or table.total.groups[0].total == 0 else HIDDEN


def _share(table: PeriodTable, value: str) -> str:
    line, total = _line(table, value), table.total.groups[0].total
    count = line.groups[0].total if line else 0
    if isinstance(count, Suppressed) or isinstance(total, Suppressed) or _cases(table, value) == HIDDEN:
        return HIDDEN
    return percent(count / total if total else None)

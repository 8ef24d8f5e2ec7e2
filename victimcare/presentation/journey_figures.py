"""The journeys of a period in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from victimcare.domain.counted import MANY_OFFICERS, SILENCES, STEPS_COUNTED, STEPS_WITH_RESULT, step_code
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.published_figures import PublishedLine
from victimcare.domain.small_numbers import Suppressed
from victimcare.domain.stage_line import STAGES, stage_code
from victimcare.presentation.figures import HIDDEN, TOO_FEW, number, percent
from victimcare.queries.journey_figures import JourneyFigures
from victimcare.queries.period_tables import PeriodTable

_TITLES = {
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


def _lines_of(kind: EventKind) -> Iterator[tuple[str, str]]:
    """Its line, or one for each result that it can have and one for none."""
    if kind in STEPS_WITH_RESULT:
        results = next(detail for detail in EVENT_KINDS[kind].details if detail.name == "result").choices or {}
        for code, result in results.items():
            yield step_code(kind, code), f"{_TITLES[kind]}: {result[0].lower()}{result[1:]}"
    yield step_code(kind), _TITLES[kind]


STEPS = dict(line for kind in STEPS_COUNTED for line in _lines_of(kind))
"""What each line of the steps is called, in the order in which they are shown."""
_ONLY_WHERE_ANY = {step_code(kind) for kind in STEPS_WITH_RESULT}
"""Decided, and nobody recorded what; or published before it was told apart."""


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage: in how many cases it was reached, and the days since the one before."""

    name: str
    cases: str
    median: str
    nine_in_ten: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the closed or of the open cases: how many, and of all of them."""

    name: str
    cases: str
    share: str


def steps(view: JourneyFigures) -> tuple[tuple[str, str], ...]:
    """Every step with the cases in which it was done. Where all is hidden, all is said to be."""
    held = {line.value for line in view.steps.lines}
    return tuple(
        (title, _cases(view.steps, code))
        for code, title in STEPS.items()
        if code not in _ONLY_WHERE_ANY or code in held
    )


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


def officers(view: JourneyFigures) -> tuple[PartRow, ...]:
    """One officer, two, and so on, of the cases that were closed."""
    table = view.continuity
    rows = [str(count) for count in range(1, MANY_OFFICERS)] + [f"{MANY_OFFICERS}+"]
    return tuple(PartRow(officers_in_words(row), _cases(table, row), _share(table, row)) for row in rows)


def closed(view: JourneyFigures) -> str:
    """How many cases were closed."""
    return number(view.continuity.total.groups[0].total)


def silences(view: JourneyFigures) -> tuple[PartRow, ...]:
    """The open cases by how long nothing had reached the victim, the shortest silence first."""
    table = view.silence
    return tuple(PartRow(silence_in_words(each), _cases(table, each), _share(table, each)) for each in SILENCES)


def open_cases(view: JourneyFigures) -> str:
    """How many cases were open when the period ended, of which a silence can be told."""
    return number(view.silence.total.groups[0].total)


def silence_in_words(weeks: str) -> str:
    """Such as "Up to 4 weeks"."""
    return f"Up to {weeks} weeks" if weeks.isdigit() else f"More than {SILENCES[-2]} weeks"


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

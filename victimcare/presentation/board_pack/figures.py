"""The figures of a board pack: every table of codes and numbers, from publications alone.

To add a table: a function here that gives it, in `TABLES`; what its columns are called in `columns.py`; and where it
stands in `sections.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from victimcare.domain.board_pack import Cell, Document, PackTable, changed_counts, changed_lines, spelled
from victimcare.domain.calendar import london_date
from victimcare.domain.compliance import COUNTED, NOT_COUNTED, Outcome
from victimcare.domain.counted import (
    CONTINUITY,
    GAPS,
    QUALITY,
    SILENCE,
    SILENCES,
    STAGES_REACHED,
    STEPS,
    STEPS_COUNTED,
    VICTIMS,
)
from victimcare.domain.law import Law
from victimcare.domain.published_figures import PublishedLine
from victimcare.domain.small_numbers import Suppressed
from victimcare.domain.stage_line import STAGES, stage_code
from victimcare.domain.support_reached import NOT_REFERRED, REFERRED
from victimcare.domain.tally import Breakdown, By
from victimcare.presentation import support_reached
from victimcare.presentation.board_pack.cells import as_cell, count_cell, rate_cells
from victimcare.presentation.board_pack.decided import actions_of_the_board
from victimcare.presentation.board_pack.heard import answers_of_victims
from victimcare.presentation.compliance import BREAKDOWNS
from victimcare.presentation.figures import (
    HIDDEN,
    NOT_APPLICABLE,
    TOO_FEW,
    plain_points,
)
from victimcare.presentation.journey_figures import STEPS as STEPS_IN_WORDS
from victimcare.queries.board_pack import PackSource
from victimcare.queries.compliance import Compliance, ComplianceTable
from victimcare.queries.rates import change_of
from victimcare.queries.support_reached import Victims
from victimcare.store.publications import KeptPublication

DUTIES, BESIDE = "duties", "not-counted"
"""How the ids of the tables begin: `duties-by-right`, `not-counted-by-right`."""
MONTHS = "months"
PROCESS_CHANGES = "process-changes"
SILENT, ASKED = "silence", "asked-of-victims"
BEHIND = {By.CAUSE: "late", By.TRIED: "late", By.RECORDED: "met"}
"""Of which duties of an agency a table that splits one number of them tells."""

_RATE = ("share", "share_low", "share_high")
_REFERRED_RATE = ("referred_share", "referred_low", "referred_high")
_STAGE_DAYS = ("stage_median", "stage_nine_in_ten")
_CHANGE = ("change", "change_low", "change_high")


_ON_THE_WAY = {code: place for place, code in enumerate((*map(stage_code, STAGES), *map(str, STEPS_COUNTED)))}
"""Stages and steps come in their own order, not in that of their names."""
_IN_ORDER = {code: place for place, code in enumerate((*map(stage_code, STAGES), *STEPS_IN_WORDS))}
"""The same with the results of steps, each where its step is."""


def figures_of(source: PackSource) -> dict[str, Any]:
    """The figures, in the shape in which a document holds them: from the same publications, the same."""
    return {
        "period": source.period.id,
        "baseline": source.baseline.id if source.baseline else None,
        "threshold": source.threshold,
        "editions": list(source.editions),
        "publications": [_named(one) for one in source.kept],
        **_of_victims(source),
        **_of_actions(source),
        **({"process_changes": [change.id for change in source.changes]} if source.changes else {}),
        "tables": spelled([table for tables in TABLES[source.form] for table in tables(source)]),
    }


def _named(one: KeptPublication) -> dict[str, Any]:
    """Which publication it is, so that the same can be read again."""
    return {
        "quarter": one.publication.quarter.id,
        "number": one.publication.number,
        "published_at": one.published_at.isoformat(),
        "sha256": one.sha256,
    }


def _of_actions(source: PackSource) -> dict[str, Any]:
    """Which steps of which actions it tells of, and from which publications."""
    if not source.actions:
        return {}
    steps = sorted(source.last_steps.items())
    return {
        "actions": {"steps": [list(each) for each in steps], "publications": [*map(_named, source.kept_of_actions)]}
    }


def _of_victims(source: PackSource) -> dict[str, Any]:
    """Which quarter of what victims answered is in it, so that the same can be read again."""
    of = source.of_victims
    if of is None:
        return {}
    codes = {"questions": list(of.questions), "themes": list(of.themes)}
    return {"feedback": {"quarter": of.quarter.id, "shown_from": of.shown_from.isoformat(), **codes}}


def changes_of(before: Document, figures: Mapping[str, Any], *, sha256: str, law: Law) -> dict[str, Any]:
    """What changed since the pack `before`, which is called `sha256`, and what of the law changed in between."""
    since, until = (max(one["published_at"] for one in each["publications"]) for each in (before["figures"], figures))
    return {
        "since": sha256,
        "editions": before["figures"]["editions"] != figures["editions"],
        "threshold": before["figures"]["threshold"] != figures["threshold"],
        "law": [
            {"what": what.value, "on": london_date(at).isoformat()}
            for what, at in law.changed_between(datetime.fromisoformat(since), datetime.fromisoformat(until))
        ],
        "table": changed_lines(before, {"figures": figures}).spelled,
        "recorded": changed_counts(before, {"figures": figures}, f"met-by-{By.RECORDED.value}").spelled,
    }


def _duties(source: PackSource) -> Iterator[PackTable]:
    """Those of which a percentage was met in time, and those beside them, in every breakdown."""
    for by in BREAKDOWNS:
        view = source.compliance(source.period, by)
        before = source.compliance(source.baseline, by).tables if source.baseline else ()
        was = {table.breakdown: table for table in before}
        lines = [(each, line) for each in view.tables for line in (*each.lines, each.total)]
        if lines:
            yield _counted(by, lines, was if source.baseline else None)
            yield _beside(by, lines)


_Lines = Sequence[tuple[ComplianceTable, Compliance]]


def _counted(by: By, lines: _Lines, was: Mapping[Breakdown, ComplianceTable] | None) -> PackTable:
    """With how much each line changed since the baseline, where there is one."""
    changes = () if was is None else _CHANGE
    days = ("median_days", "nine_in_ten_days")
    columns = (*_of(by), "known_on", *_RATE, *changes, "counted", *(one.value for one in COUNTED), *days)
    rows = tuple(
        (
            *_names(by, table, line),
            " ".join(day.isoformat() for day in table.known_on),
            *rate_cells(line.in_time),
            *(() if was is None else _change(was.get(table.breakdown), line)),
            count_cell(line.counted),
            *(count_cell(line.counts[outcome]) for outcome in COUNTED),
            *_days(line),
        )
        for table, line in lines
    )
    return PackTable(f"{DUTIES}-by-{by.value}", columns, rows)


def _beside(by: By, lines: _Lines) -> PackTable:
    columns = (*_of(by), *(outcome.value for outcome in NOT_COUNTED), "not_counted", "total")
    rows = tuple(
        (
            *_names(by, table, line),
            *(count_cell(line.counts[outcome]) for outcome in NOT_COUNTED),
            count_cell(line.not_counted),
            count_cell(line.total),
        )
        for table, line in lines
    )
    return PackTable(f"{BESIDE}-by-{by.value}", columns, rows)


def _of(by: By) -> tuple[str, ...]:
    return ("agency", "right", "line") if by is By.RULE else ("agency", "line")


def _names(by: By, table: ComplianceTable, line: Compliance) -> tuple[Cell, ...]:
    agency, right = table.breakdown.of, str(table.breakdown.within)
    return (agency, right, line.value) if by is By.RULE else (agency, line.value)


def _months(source: PackSource) -> Iterator[PackTable]:
    rows = tuple(
        (
            of.agency,
            f"{one.month_on:%Y-%m}",
            *rate_cells(rate),
            count_cell(rate.numerator),
            count_cell(rate.denominator),
        )
        for of in source.months()
        for one in of.months
        for rate in (one.rate,)
    )
    yield PackTable(MONTHS, ("agency", "month", *_RATE, "met", "counted"), rows)


def _process_changes(source: PackSource) -> Iterator[PackTable]:
    """From which months on the limits of the charts begin anew, and why."""
    if source.changes:
        columns = ("agency", "from_month", "reason", "decided_by", "decided_on", "declared_on")
        rows = tuple(
            (
                one.agency,
                f"{one.from_on:%Y-%m}",
                one.reason,
                one.decided_by,
                one.decided_on.isoformat(),
                one.declared_on.isoformat(),
            )
            for one in source.changes
        )
        yield PackTable(PROCESS_CHANGES, columns, rows)


def _behind(source: PackSource) -> Iterator[PackTable]:
    """Why duties were late, whether somebody tried in time, and when it was recorded that others were met."""
    for by, kind in BEHIND.items():
        tables = [source.table(each) for each in source.breakdowns if each.by is by]
        rows = [(each.breakdown.of, line.value, _sum(line)) for each in tables for line in (*each.lines, each.total)]
        if rows:
            yield PackTable(f"{kind}-by-{by.value}", ("agency", "line", f"{kind}_duties"), tuple(rows))


def _overturned(source: PackSource) -> Iterator[PackTable]:
    """Of the duties in no percentage, whether they had been found late before that was known."""
    tables = [source.table(each) for each in source.breakdowns if each.by is By.OVERTURNED]
    rows = [(each.breakdown.of, line.value, _sum(line)) for each in tables for line in (*each.lines, each.total)]
    if rows:
        yield PackTable("beside-by-overturned", ("agency", "line", "beside_duties"), tuple(rows))


def _asked(source: PackSource) -> Iterator[PackTable]:
    """Of how many of their characteristics the victims of each team were asked, and all of them."""
    found = [each for each in source.breakdowns if each.of == VICTIMS and each.by is By.ASKED]
    tables = [source.table(each) for each in sorted(found, key=lambda each: (each.within is None, each.within or ""))]
    rows = [
        (each.breakdown.within or "", line.value, _sum(line)) for each in tables for line in (*each.lines, each.total)
    ]
    if rows:
        yield PackTable(ASKED, ("asked_team", "line", "victims_asked"), tuple(rows))


def _silence(source: PackSource) -> Iterator[PackTable]:
    """Cases that were open when the period ended, by how long nothing had reached the victim."""
    breakdown = Breakdown(SILENCE, By.SILENCE)
    if breakdown in source.breakdowns:
        table = source.table_at_end(breakdown)
        lines = sorted(table.lines, key=lambda line: SILENCES.index(line.value))
        yield PackTable(SILENT, ("line", "open_cases"), tuple((one.value, _sum(one)) for one in (*lines, table.total)))


def _quality(source: PackSource) -> Iterator[PackTable]:
    """What supervisors found in the cases that they looked at."""
    tables = [source.table(each) for each in source.breakdowns if each.of == QUALITY]
    rows = [
        (str(each.breakdown.within), line.value, _sum(line)) for each in tables for line in (*each.lines, each.total)
    ]
    if rows:
        yield PackTable("quality-by-answer", ("question", "line", "cases"), tuple(rows))


def _victims(source: PackSource) -> Iterator[PackTable]:
    """How far victims came on the way to support."""
    for by in support_reached.BREAKDOWNS:
        if (breakdown := Breakdown(VICTIMS, by)) not in source.breakdowns:
            continue
        table = source.table(breakdown)
        lines = [Victims.of(line, threshold=source.threshold) for line in (*table.lines, table.total)]
        columns = ("line", "victims", *_REFERRED_RATE, *(f"step_{step.value}" for step in support_reached.STEPS))
        rows = tuple(
            (
                line.value,
                count_cell(line.referred.denominator),
                *rate_cells(line.referred),
                *(count_cell(line.stands[step]) for step in NOT_REFERRED),
                *(count_cell(line.reached[step]) for step in REFERRED),
                count_cell(line.no_evidence),
            )
            for line in lines
        )
        yield PackTable(f"victims-by-{by.value}", (*columns, "without_evidence"), rows)


def _gaps(source: PackSource) -> Iterator[PackTable]:
    """Needs that no service met."""
    for by in (By.NEED, By.AREA):
        if (breakdown := Breakdown(GAPS, by)) in source.breakdowns:
            table = source.table(breakdown)
            rows = tuple((line.value, _sum(line)) for line in (*table.lines, table.total))
            yield PackTable(f"gaps-by-{by.value}", ("line", "gaps"), rows)


def _journeys(source: PackSource, order: Mapping[str, int] = _ON_THE_WAY) -> Iterator[PackTable]:
    """Stages that were reached with the days that it took, what was done on the way, and officers in turn."""
    for of, by in ((STAGES_REACHED, By.KIND), (STEPS, By.KIND), (CONTINUITY, By.OFFICERS)):
        if (breakdown := Breakdown(of, by)) not in source.breakdowns:
            continue
        told = of == STAGES_REACHED
        table = source.table(breakdown)
        lines = sorted(table.lines, key=lambda line: order.get(line.value, 0))
        rows = tuple((line.value, _sum(line), *(_stage_days(line) if told else ())) for line in lines)
        yield PackTable(of, ("line", "reached", *(_STAGE_DAYS if told else ())), rows)


def _stage_days(line: PublishedLine) -> tuple[Cell, Cell]:
    if line.days is None:
        missing = HIDDEN if isinstance(line.groups[0].total, Suppressed) else TOO_FEW
        return missing, missing
    return line.days.median, TOO_FEW if line.days.nine_in_ten is None else line.days.nine_in_ten


def _sum(line: PublishedLine) -> Cell:
    return count_cell(line.groups[0].total)


def _journeys_by_result(source: PackSource) -> Iterator[PackTable]:
    """The same, each step's results beside it in the order of the page."""
    yield from _journeys(source, _IN_ORDER)


_Maker = Callable[[PackSource], Iterator[PackTable]]
_BEGUN: tuple[_Maker, ...] = (
    _duties,
    _months,
    _process_changes,
    _behind,
    _quality,
    answers_of_victims,
    _victims,
    _gaps,
)
TABLES: Mapping[int, tuple[_Maker, ...]] = {
    1: (*_BEGUN, _journeys),
    2: (*_BEGUN, _journeys_by_result, _silence, _asked, _overturned, actions_of_the_board),
}
"""What a pack of each form holds, in the order of its document. What a form holds stays: packs are derived again."""


def _change(before: ComplianceTable | None, line: Compliance) -> tuple[Cell, Cell, Cell]:
    rates = {one.value: one.in_time for one in (*before.lines, before.total)} if before else {}
    change = change_of(rates.get(line.value), line.in_time)
    if change is None:
        return (NOT_APPLICABLE,) * 3
    if isinstance(change, Suppressed):
        return (HIDDEN,) * 3
    by, low, high = (as_cell(plain_points(share)) for share in (change.by, *change.interval))
    return by, low, high


def _days(line: Compliance) -> tuple[Cell, Cell]:
    if line.days is not None:
        return line.days.median, TOO_FEW if line.days.nine_in_ten is None else line.days.nine_in_ten
    answered = (line.counts[Outcome.MET], line.counts[Outcome.MET_LATE])
    mark = HIDDEN if any(isinstance(count, Suppressed) for count in answered) else TOO_FEW
    return mark, mark

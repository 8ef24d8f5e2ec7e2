"""What became of the duties of a period: in short, right by right, in every other breakdown, and what is behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.board_pack import Cell
from victimcare.domain.tally import By
from victimcare.presentation import charts
from victimcare.presentation.board_pack.columns import Kind
from victimcare.presentation.board_pack.figures import BESIDE, DUTIES, MONTHS, PROCESS_CHANGES
from victimcare.presentation.board_pack.pack import Pack, Section, said
from victimcare.presentation.compliance import BREAKDOWNS
from victimcare.presentation.figures import HIDDEN
from victimcare.presentation.words import counted

Row = Mapping[str, Cell]


def in_short(pack: Pack) -> Iterator[Section]:
    """Each agency in a sentence, and whether its months changed."""
    says = {months.agency: months.newest for months in pack.months}
    totals = [row for row in pack.rows(f"{DUTIES}-by-right") if not row["line"]]
    own = next((row for row in totals if row["agency"] == OWN_AGENCY), None)
    yield Section(
        "in-short",
        f"{_met(pack, own)}." if own else "No duty of the police belongs to this period.",
        (
            f"Figures as known on {pack.known_on}. Each agency answers for its own clocks only.",
            *_about_the_last_pack(pack),
        ),
        tuple(f"{_met(pack, row)}{_since(pack, row)}. {says.get(str(row['agency']), '')}".strip() for row in totals),
    )


def _met(pack: Pack, row: Row) -> str:
    agency = pack.words["names"]["agency"][str(row["agency"])]
    if isinstance(row["share"], str):
        why = "is hidden to protect victims" if row["share"] == HIDDEN else "cannot be told, since none was counted"
        return f"{agency}: the share of duties met in time {why}"
    interval = f"95% interval {said(row['share_low'], Kind.PERCENT)} to {said(row['share_high'], Kind.PERCENT)}"
    duties = f"{said(row['counted'], Kind.COUNT)} duties"
    return f"{agency} met {said(row['share'], Kind.PERCENT)} of {duties} in time ({interval})"


def _since(pack: Pack, row: Row) -> str:
    change = row.get("change")
    if not isinstance(change, (int, float)):
        return ""
    low, high = row["change_low"], row["change_high"]
    ends = f"{said(low, Kind.POINTS)} to {said(high, Kind.POINTS)}"
    if float(low) <= 0 <= float(high):
        return f", no change since {pack.words['baseline']} that the figures could tell ({ends} points)"
    way = "more" if change > 0 else "fewer"
    return f", {abs(change):.1f} points {way} than in {pack.words['baseline']} ({ends})"


def _about_the_last_pack(pack: Pack) -> tuple[str, ...]:
    if pack.changes is None:
        return ()
    lines = len(pack.changes["table"]["rows"])
    what = f"{counted(lines, 'line')} of duties changed, told below with why" if lines else "no line of duties changed"
    return (f"Since the last pack of this period {what}.",)


def by_right(pack: Pack) -> Iterator[Section]:
    """What became of the duties under each right."""
    yield from _by(pack, By.RIGHT)


def otherwise(pack: Pack) -> Iterator[Section]:
    """The same duties in every other breakdown, and the months in numbers."""
    for by in BREAKDOWNS:
        if by is not By.RIGHT:
            yield from _by(pack, by)
    if pack.months:
        title = "Duties met in time, month by month"
        table = pack.table(MONTHS, sheet="Month by month", title=title, grouped=1)
        declared = (PROCESS_CHANGES, "Declared changes", "Changes of processes that were declared", By.MONTH, 1)
        tables = (table, *pack.those_there_are([declared]))
        yield Section("months", "The months of the charts in numbers", tables=tables)


def _by(pack: Pack, by: By) -> Iterator[Section]:
    rows = pack.rows(f"{DUTIES}-by-{by.value}")
    if not rows:
        return
    title = BREAKDOWNS[by]
    of = f"by {title.lower()}, {pack.words['period']}"
    how: dict[str, Any] = {"by": by, "grouped": 2 if by is By.RULE else 1}
    counted_in = f"Duties met in time, {of}"
    beside = f"Duties that are in no percentage, {of}"
    tables = (
        pack.table(f"{DUTIES}-by-{by.value}", sheet=f"By {title.lower()}", title=counted_in, **how),
        pack.table(f"{BESIDE}-by-{by.value}", sheet=f"Not counted by {title.lower()}", title=beside, **how),
    )
    ends = _extremes(rows)
    if ends is None:
        yield Section(f"by-{by.value}", f"By {title.lower()}: too few lines to compare", tables=tables)
        return
    lowest, highest = ends
    says = f"Lowest: {_line(pack, by, lowest)}. Highest: {_line(pack, by, highest)}."
    between = f"{said(lowest['share'], Kind.PERCENT)} to {said(highest['share'], Kind.PERCENT)}"
    yield Section(f"by-{by.value}", f"By {title.lower()}: {between} were met in time", (says,), tables=tables)


def _extremes(rows: Sequence[Row]) -> tuple[Row, Row] | None:
    """The lowest and the highest line that show a percentage; None where fewer than two do."""
    shown = sorted((float(row["share"]), place) for place, row in enumerate(rows) if _is_shown(row))
    return (rows[shown[0][1]], rows[shown[-1][1]]) if len(shown) > 1 else None


def _is_shown(row: Row) -> bool:
    return bool(row["line"]) and not isinstance(row["share"], str)


def _line(pack: Pack, by: By, row: Row) -> str:
    names = pack.words["names"]
    line = said(row["line"], Kind.MONTH) if by is By.MONTH else names[by.value].get(str(row["line"]), row["line"])
    interval = f"{said(row['share_low'], Kind.PERCENT)} to {said(row['share_high'], Kind.PERCENT)}"
    share = f"{said(row['share'], Kind.PERCENT)} of {said(row['counted'], Kind.COUNT)} ({interval})"
    return f"{names['agency'][str(row['agency'])]}, {line}, {share}"


def month_by_month(pack: Pack) -> Iterator[Section]:
    """Each agency's months between their limits, and the agencies of which too few months are shown."""
    judged = [shown for shown in pack.months if shown.says]
    for shown in judged:
        drawing = (charts.draw(shown.chart, charts.WIDE),) if shown.chart else ()
        declared = tuple(f"Change {each.mark}: decided by {each.decided}." for each in shown.changes if each.mark)
        says = (*shown.says, shown.kind)
        yield Section(f"months-{shown.agency}", shown.title, says, points=declared, drawings=drawing)
    others = tuple(f"{shown.title}." for shown in pack.months if not shown.says)
    if others:
        yield Section("too-few-months", "Agencies with too few months to judge", points=others)


def behind(pack: Pack) -> Iterator[Section]:
    """Why duties were late, when it was recorded that others were met, and what was found beside the time."""
    tables = [
        (f"late-by-{By.CAUSE.value}", "Why late", "Why duties were late", By.CAUSE, 1),
        (f"late-by-{By.TRIED.value}", "Attempts", "Whether somebody tried to reach the victim in time", By.TRIED, 1),
        (f"met-by-{By.RECORDED.value}", "When recorded", "When it was recorded that duties were met", By.RECORDED, 1),
        (
            "beside-by-overturned",
            "Overturned",
            "Of duties in no percentage, which had been found late",
            By.OVERTURNED,
            1,
        ),
        ("quality-by-answer", "Quality", "What supervisors found in the cases that they looked at", By.ANSWER, 1),
    ]
    shown = pack.those_there_are(tables)
    if shown:
        says = "Timeliness is not to be read alone: this stands behind its percentages, and beside them."
        yield Section("behind", "What stands behind the percentages", (says,), tables=shown)

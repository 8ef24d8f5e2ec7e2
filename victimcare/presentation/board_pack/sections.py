"""A board pack, section by section: the sentences, charts and tables of its document, as every file shows them.

To add a section: a function that gives it from the pack, and its place in `SECTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.board_pack import Cell, PackTable, tables_of
from victimcare.domain.counted import CONTINUITY, STAGES_REACHED, STEPS
from victimcare.domain.law import LawChange
from victimcare.domain.tally import By
from victimcare.presentation import charts, support_reached
from victimcare.presentation.board_pack.columns import Kind, column
from victimcare.presentation.board_pack.figures import BESIDE, DUTIES, MONTHS
from victimcare.presentation.board_pack.pack import Pack, Section, Table, said
from victimcare.presentation.board_pack.words import RULES
from victimcare.presentation.compliance import BREAKDOWNS
from victimcare.presentation.figures import HIDDEN
from victimcare.presentation.words import counted, day

Row = Mapping[str, Cell]
LAW_CHANGES = {
    LawChange.HOLIDAYS: "another list of bank holidays came into force",
    LawChange.EDITION: "an edition of the Code was brought in or put back",
}


def sections_of(pack: Pack) -> tuple[Section, ...]:
    """Every section, in order."""
    return tuple(section for sections in SECTIONS for section in sections(pack))


def tables_in(sections: Sequence[Section]) -> tuple[Table, ...]:
    """Their tables, in order."""
    return tuple(table for section in sections for table in section.tables)


def _in_short(pack: Pack) -> Iterator[Section]:
    """Each agency in a sentence, and whether its months changed."""
    says = {months.agency: " ".join(months.says) for months in pack.months}
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
    what = f"{counted(lines, 'line')} changed, told below with why" if lines else "no number changed"
    return (f"Since the last pack of this period {what}.",)


def _by_right(pack: Pack) -> Iterator[Section]:
    """What became of the duties under each right."""
    yield from _by(pack, By.RIGHT)


def _otherwise(pack: Pack) -> Iterator[Section]:
    """The same duties in every other breakdown, and the months in numbers."""
    for by in BREAKDOWNS:
        if by is not By.RIGHT:
            yield from _by(pack, by)
    if pack.months:
        title = "Duties met in time, month by month"
        table = pack.table(MONTHS, sheet="Month by month", title=title, grouped=1)
        yield Section("months", "The months of the charts in numbers", tables=(table,))


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


def _month_by_month(pack: Pack) -> Iterator[Section]:
    """Each agency's months between their limits, and the agencies of which too few months are shown."""
    judged = [shown for shown in pack.months if shown.says]
    for shown in judged:
        drawing = (charts.draw(shown.chart, charts.WIDE),) if shown.chart else ()
        yield Section(f"months-{shown.agency}", shown.title, (*shown.says, shown.kind), drawings=drawing)
    others = tuple(f"{shown.title}." for shown in pack.months if not shown.says)
    if others:
        yield Section("too-few-months", "Agencies with too few months to judge", points=others)


def _behind(pack: Pack) -> Iterator[Section]:
    """Why duties were late, when it was recorded that others were met, and what was found beside the time."""
    tables = [
        (f"late-by-{By.CAUSE.value}", "Why late", "Why duties were late", By.CAUSE, 1),
        (f"late-by-{By.TRIED.value}", "Attempts", "Whether somebody tried to reach the victim in time", By.TRIED, 1),
        (f"met-by-{By.RECORDED.value}", "When recorded", "When it was recorded that duties were met", By.RECORDED, 1),
        ("quality-by-answer", "Quality", "What supervisors found in the cases that they looked at", By.ANSWER, 1),
    ]
    shown = _those_there_are(pack, tables)
    if shown:
        says = "Timeliness is not to be read alone: this stands behind its percentages, and beside them."
        yield Section("behind", "What stands behind the percentages", (says,), tables=shown)


def _support(pack: Pack) -> Iterator[Section]:
    """How far victims came on the way to support, and the needs that no service met."""
    in_all = next((row for row in pack.rows(f"victims-by-{By.AREA.value}") if not row["line"]), None)
    if in_all is not None:
        by_area = _how_far(pack, [By.AREA])
        yield Section("support", f"{_referred(in_all)}.", (_REFERRAL_MEANS, _DECLINED_MEANS), tables=by_area)
    gaps = [
        (f"gaps-by-{By.NEED.value}", "Needs not met", "Needs that no service met, by need", By.NEED, 0),
        (f"gaps-by-{By.AREA.value}", "Needs not met by area", "Needs that no service met, by area", By.AREA, 0),
    ]
    if shown := _those_there_are(pack, gaps):
        yield Section("gaps", "Needs that no service met", tables=shown)


def _journeys(pack: Pack) -> Iterator[Section]:
    """How long journeys took, what was done on the way, and how many officers a victim had."""
    tables = [
        (STAGES_REACHED, "Stages", "Cases that reached a stage, and days since the one before", By.KIND, 0),
        (STEPS, "Steps", "Cases in which something was offered, asked or decided", By.KIND, 0),
        (CONTINUITY, "Officers", "Cases that were closed, by case officers in turn", By.OFFICERS, 0),
    ]
    if shown := _those_there_are(pack, tables):
        says = "Days are calendar days, of cases that came so far. No victim is ever without a case officer."
        yield Section("journeys", "Journeys", (says,), tables=shown)


def _support_otherwise(pack: Pack) -> Iterator[Section]:
    """The same victims in every other breakdown: of some characteristics hardly anybody is asked yet."""
    if shown := _how_far(pack, [by for by in support_reached.BREAKDOWNS if by is not By.AREA]):
        yield Section("support-otherwise", "How far victims came, by what is known of them", tables=shown)


def _how_far(pack: Pack, breakdowns: Sequence[By]) -> tuple[Table, ...]:
    titles = [(by, support_reached.BREAKDOWNS[by].lower()) for by in breakdowns]
    wanted = [
        (f"victims-by-{by.value}", f"Victims by {of}", f"How far victims came, by {of}", by, 0) for by, of in titles
    ]
    return _those_there_are(pack, wanted)


_REFERRAL_MEANS = (
    "A victim is a case, in the period in which it was opened; a referral counts there however late it comes."
)
_DECLINED_MEANS = "Whoever declined made a choice, which is no failure."


def _referred(in_all: Row) -> str:
    if isinstance(in_all["referred_share"], str):
        return "How many victims were referred to support is hidden"
    started = said(in_all["step_started"], Kind.COUNT)
    share = f"{said(in_all['referred_share'], Kind.PERCENT)} of {said(in_all['victims'], Kind.COUNT)} victims"
    return f"{share} were referred to support, and for {started} it began"


_Wanted = Sequence[tuple[str, str, str, By, int]]


def _those_there_are(pack: Pack, wanted: _Wanted) -> tuple[Table, ...]:
    """Those of these tables that the pack has: its id, its sheet, its title, what its lines are, how it is grouped."""
    return tuple(
        pack.table(table_id, sheet=sheet, title=title, by=by, grouped=grouped)
        for table_id, sheet, title, by, grouped in wanted
        if pack.rows(table_id)
    )


def _changes(pack: Pack) -> Iterator[Section]:
    """What is otherwise than in the last pack of the period, and why."""
    changes = pack.changes
    if changes is None:
        return
    table = PackTable.read(changes["table"])
    says = [f"Held against the pack {changes['since'][:12]}."]
    says += [
        f"Recalculated: on {day(date.fromisoformat(one['on']))} {LAW_CHANGES[LawChange(one['what'])]}, and deadlines "
        "that it touches were derived again. Any line below may have changed for that."
        for one in changes["law"]
    ]
    if changes["editions"]:
        says.append("Other editions of the Code govern these duties than did in the last pack.")
    if changes["threshold"]:
        says.append("Counts below another threshold are hidden than in the last pack.")
    if not table.rows:
        yield Section("changes", "Nothing has changed since the last pack", tuple(says))
        return
    says.append(
        "Why is read from which numbers became more and which fewer; what cancelled out within a line is not seen. A "
        "table is published again only where it changed by enough to tell of nobody."
    )
    shown = [pack.as_table(table, sheet="Changed since the last pack", title="What changed since the last pack")]
    recorded = PackTable.read(changes["recorded"])
    if recorded.rows:
        of = "When it was recorded that duties were met, as it was and as it is"
        shown.append(pack.as_table(recorded, sheet="Recorded since", title=of, by=By.RECORDED, grouped=1))
    title = f"{counted(len(table.rows), 'line has', 'lines have')} changed since the last pack"
    yield Section("changes", title, tuple(says), tables=tuple(shown))


def _missing(pack: Pack) -> Iterator[Section]:
    """What the pack does not tell."""
    cells = [cell for table in tables_of(pack.document) for row in table.rows for cell in row]
    hidden = sum(cell == HIDDEN for cell in cells)
    points = [
        "What victims understood of what they were told, and what they thought of it.",
        f"{counted(hidden, 'number is', 'numbers are')} hidden to protect victims.",
        *(f"{right}: the Code sets no time limit under it that could be counted." for right in pack.words["untimed"]),
        *(f"{rule}: its limit is not verified." for rule in pack.words["unverified"]),
    ]
    yield Section("missing", "What these figures do not tell", points=tuple(points))


def _meaning(pack: Pack) -> Iterator[Section]:
    """What each figure means, and which duties are counted."""
    terms = tuple((term, meaning) for term, meaning in pack.words["definitions"])
    yield Section("definitions", "What the figures mean", (), terms=terms)
    editions = (f"{edition}." for edition in pack.words["editions"])
    rules = Table(
        "duties-of-the-code",
        "Duties of the Code",
        "The duties that are counted, where each stands, and how surely that is known",
        tuple(column(each) for each in RULES),
        tuple(tuple(row) for row in pack.words["rules"]),
    )
    follows = "A duty follows the edition of the day on which its clock started."
    yield Section("code", "The editions of the Code, and the duties counted", (*editions, follows), tables=(rules,))


def _frozen(pack: Pack) -> Iterator[Section]:
    """From what it was made, so that it can be made again."""
    made_of = tuple(
        f"{one['quarter']}, publication {one['number']} of {day(date.fromisoformat(one['published_at'][:10]))}: "
        f"SHA-256 {one['sha256']}"
        for one in pack.figures["publications"]
    )
    says = (
        f"This pack is called {pack.name}: the SHA-256 of its document, from which all its files are made.",
        f"Counts below {pack.figures['threshold']} are hidden in it. Its figures are those of these publications, and "
        "can be derived from them again.",
    )
    yield Section("frozen", "What this pack was made of", says, points=made_of)


SECTIONS: tuple[Callable[[Pack], Iterator[Section]], ...] = (
    _in_short,
    _month_by_month,
    _by_right,
    _behind,
    _support,
    _journeys,
    _changes,
    _missing,
    _otherwise,
    _support_otherwise,
    _meaning,
    _frozen,
)
"""The sections of a pack, in order."""

"""The board's compliance table in words: for its page and for its CSV, with the definitions of every figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from victimcare.domain.code import Edition, VictimsCode
from victimcare.domain.compliance import COUNTED, NOT_COUNTED, Outcome
from victimcare.domain.small_numbers import Suppressed
from victimcare.domain.tally import Breakdown, By
from victimcare.presentation.figure_names import Names
from victimcare.presentation.figures import (
    HIDDEN,
    TOO_FEW,
    change_in_words,
    interval_ends,
    interval_words,
    number,
    percent,
    plain_number,
    plain_percent,
)
from victimcare.presentation.words import day
from victimcare.queries.compliance import Compliance, ComplianceTable, ComplianceView
from victimcare.queries.rates import Rate

OUTCOMES: dict[Outcome, tuple[str, str]] = {
    Outcome.MET: ("Met", "answered by the end of its day"),
    Outcome.MET_LATE: ("Met late", "answered after its day"),
    Outcome.OPEN: ("Overdue", "its day is past and it is still not answered"),
    Outcome.LATE_THEN_ENDED: ("Late, then ended", "already late when it ended in another way than by an answer"),
    Outcome.SUPERSEDED: ("Superseded", "later news on the same subject came while it was in time"),
    Outcome.DECLINED: ("Declined", "the victim chose not to be told, which is no failure"),
    Outcome.NOT_APPLICABLE: ("Not applicable", "an officer recorded, with the reason, that it does not apply"),
    Outcome.NOT_SAFE: ("Not safe", "telling the victim would have put somebody at risk"),
    Outcome.GOOD_REASON: ("Good reason", "a supervisor agreed that there was good reason not to keep it in time"),
    Outcome.RECORDED_IN_ERROR: ("In error", "recorded in error: what would have started it never happened"),
    Outcome.NO_EVIDENCE: ("No evidence", "the source gives only a month, or records no contacts"),
    Outcome.NOT_YET_KNOWN: ("Not yet known", "whether it is owed depends on a fact not recorded yet"),
    Outcome.EXPECTED: ("Expected", "a hearing is over and its result not confirmed yet"),
    Outcome.NOT_STARTED: ("No clock", "nothing fixes the day from which to count"),
}
"""The heading of each outcome, and what it means."""


BREAKDOWNS = {
    By.RIGHT: "Right",
    By.RULE: "Duty",
    By.MONTH: "Month",
    By.AREA: "Area",
    By.CRIME_TYPE: "Type of crime",
    By.TIER: "Tier",
    By.TEAM: "Team",
}
"""What the lines of each table are, as its heading and the menu say it."""

ALL_LINES = "All"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table in words."""

    name: str
    share: str
    interval: str
    counted: str
    counts: tuple[tuple[str, str], ...]
    days: str
    others: tuple[tuple[str, str], ...]
    not_counted: str
    total: str
    change: str


@dataclass(frozen=True, slots=True)
class TableRows:
    """The table of an agency's own clocks, or of those under one right. `hidden`: nothing but its sum may be shown."""

    title: str
    rows: tuple[Row, ...]
    all: Row
    hidden: bool

    @property
    def with_others(self) -> tuple[Row, ...]:
        """All rows, so that they add up, where any duty is in no percentage; none otherwise."""
        return (*self.rows, self.all) if self.all.not_counted != "0" else ()


def tables(view: ComplianceView, names: Names, baseline: ComplianceView | None = None) -> tuple[TableRows, ...]:
    """The tables, agency by agency; with how much each line changed since the baseline, where there is one."""
    before = {table.breakdown: table for table in baseline.tables} if baseline else {}
    return tuple(_table(table, names, before.get(table.breakdown)) for table in view.tables)


def _table(table: ComplianceTable, names: Names, before: ComplianceTable | None) -> TableRows:
    was = {line.value: line.in_time for line in before.lines} if before else {}
    return TableRows(
        title=names.of_table(table.breakdown),
        rows=tuple(_row(line, names.of_line(table.breakdown, line.value), was.get(line.value)) for line in table.lines),
        all=_row(table.total, ALL_LINES, before.total.in_time if before else None),
        hidden=not table.lines,
    )


def _row(line: Compliance, name: str, was: Rate | None) -> Row:
    return Row(
        name=name,
        share=percent(line.in_time.share),
        interval=interval_words(line.in_time.interval),
        counted=number(line.counted),
        counts=tuple((OUTCOMES[outcome][0], number(line.counts[outcome])) for outcome in COUNTED),
        days=_days_in_words(line),
        others=tuple((OUTCOMES[outcome][0], number(line.counts[outcome])) for outcome in NOT_COUNTED),
        not_counted=number(line.not_counted),
        total=number(line.total),
        change=change_in_words(was, line.in_time),
    )


def _days_in_words(line: Compliance) -> str:
    days = line.days
    if days is None:
        return _without_days(line)
    return str(days.median) if days.nine_in_ten is None else f"{days.median}, {days.nine_in_ten}"


def _without_days(line: Compliance) -> str:
    """Hidden with the duties that were answered, or too few of them to say."""
    answered = (line.counts[Outcome.MET], line.counts[Outcome.MET_LATE])
    return HIDDEN if any(isinstance(count, Suppressed) for count in answered) else TOO_FEW


CSV_HEADER = (
    "Period from",
    "Period to",
    "As known on",
    "Agency",
    "Of right",
    "Broken down by",
    "Line",
    "Name of line",
    "Met in time (%)",
    "95% interval from (%)",
    "95% interval to (%)",
    "Duties counted",
    *(OUTCOMES[outcome][0] for outcome in COUNTED),
    "Median working days",
    "Nine in ten within working days",
    *(OUTCOMES[outcome][0] for outcome in NOT_COUNTED),
    "Not counted",
    "All duties",
)


def csv_rows(view: ComplianceView, names: Names) -> Iterator[Sequence[str]]:
    """The same tables for machines, one line a row; the line of all of a table comes last in it."""
    for table in view.tables:
        known_on = " ".join(day.isoformat() for day in table.known_on)
        start = (view.period.from_on.isoformat(), view.period.last_on.isoformat(), known_on)
        of_right = "" if table.breakdown.within is None else str(table.breakdown.within)
        of_table = (names.of_agency(table.breakdown.of), of_right, BREAKDOWNS[view.by])
        for line in table.lines:
            yield (*start, *of_table, line.value, names.of_line(table.breakdown, line.value), *_csv_figures(line))
        yield (*start, *of_table, "", ALL_LINES, *_csv_figures(table.total))


def _csv_figures(line: Compliance) -> Iterator[str]:
    low, high = interval_ends(line.in_time.interval)
    yield from (plain_percent(share) for share in (line.in_time.share, low, high))
    yield plain_number(line.counted)
    yield from (plain_number(line.counts[outcome]) for outcome in COUNTED)
    if line.days is None:
        yield from (_without_days(line), _without_days(line))
    else:
        yield str(line.days.median)
        yield TOO_FEW if line.days.nine_in_ten is None else str(line.days.nine_in_ten)
    yield from (plain_number(line.counts[outcome]) for outcome in NOT_COUNTED)
    yield from (plain_number(line.not_counted), plain_number(line.total))


def extremes(view: ComplianceView, names: Names) -> str:
    """The lowest and the highest line in a sentence, of those that show a percentage."""
    lines = [(table.breakdown, line) for table in view.tables for line in table.lines]
    shown = [(line.in_time.share, table, line) for table, line in lines if isinstance(line.in_time.share, float)]
    if len(shown) < 2:
        return ""
    lowest, highest = min(shown, key=lambda one: one[0]), max(shown, key=lambda one: one[0])
    return f"Lowest: {_in_a_sentence(*lowest[1:], names)}. Highest: {_in_a_sentence(*highest[1:], names)}."


def _in_a_sentence(table: Breakdown, line: Compliance, names: Names) -> str:
    duties, interval = number(line.counted), interval_words(line.in_time.interval)
    of_line = f"{names.of_agency(table.of)}, {names.of_line(table, line.value)}"
    return f"{of_line}: {percent(line.in_time.share)} of {duties} ({interval})"


def editions_in_words(view: ComplianceView, code: VictimsCode) -> list[str]:
    """The editions that governed the table's duties."""
    return [_edition_in_words(code.edition(edition)) for edition in view.editions]


def _edition_in_words(edition: Edition) -> str:
    return f"{edition.title} (facts last checked on {day(edition.checked_on)})"


def unverified_rules(view: ComplianceView, code: VictimsCode) -> list[str]:
    """The rules in the tables whose limits were not seen in the Code's own words or in a close summary of it."""
    rights = set(_rights(view))
    rules = [rule for edition in view.editions for rule in code.edition(edition).rules if not rule.policy]
    counted = [rule for rule in rules if rule.right in rights or not rights]
    return list(dict.fromkeys(f"{rule.title} ({rule.id})" for rule in counted if not rule.verified))


def _rights(view: ComplianceView) -> Iterator[int]:
    """The rights that the tables tell apart; none where they are broken down by something else."""
    for table in view.tables:
        if table.breakdown.within is not None:
            yield int(table.breakdown.within)
        elif table.breakdown.by is By.RIGHT:
            yield from (int(line.value) for line in table.lines)


def untimed_rights(code: VictimsCode) -> list[str]:
    """The rights under which the newest edition sets no limit that could be counted."""
    timed = {rule.right for rule in code.latest.rules}
    return [f"{right.number}. {right.title}" for right in code.latest.rights if right.number not in timed]

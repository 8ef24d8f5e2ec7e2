"""The board's compliance table in words: for its page and for its CSV, with the definitions of every figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from victimcare.domain.code import Edition, Rule, VictimsCode
from victimcare.domain.compliance import COUNTED, NOT_COUNTED, Outcome
from victimcare.presentation.figures import interval_ends, interval_words, number, percent, plain_number, plain_percent
from victimcare.presentation.words import day, month
from victimcare.queries.compliance import OTHER_AGENCY, Compliance, ComplianceView
from victimcare.queries.periods import Period

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


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table in words."""

    right: str
    share: str
    interval: str
    counted: str
    counts: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]
    not_counted: str
    total: str


@dataclass(frozen=True, slots=True)
class AgencyRows:
    """An agency's own clocks."""

    title: str
    rows: tuple[Row, ...]

    @property
    def with_others(self) -> tuple[Row, ...]:
        """The rows that have any duty in no percentage."""
        return tuple(row for row in self.rows if row.not_counted != "0")


def period_title(period: Period) -> str:
    """Such as "July to September 2026", or "12 months to September 2026"."""
    if len(period.quarters) > 1:
        return f"12 months to {month(period.last_on)}"
    return f"{month(period.from_on).split()[0]} to {month(period.last_on)}"


def agencies(view: ComplianceView, code: VictimsCode) -> tuple[AgencyRows, ...]:
    """The table, agency by agency."""
    by_agency = groupby(view.lines, key=lambda line: line.line.agency)
    return tuple(
        AgencyRows(agency_title(code, agency), tuple(_row(line, code) for line in lines)) for agency, lines in by_agency
    )


def agency_title(code: VictimsCode, agency: str) -> str:
    """The agency's title in the newest edition that names it."""
    named = (edition.agencies[agency] for edition in reversed(code.editions) if agency in edition.agencies)
    return next(named, "Another agency" if agency == OTHER_AGENCY else agency)


def _row(line: Compliance, code: VictimsCode) -> Row:
    return Row(
        right=f"{line.line.right}. {code.latest.right_title(line.line.right)}",
        share=percent(line.in_time.share),
        interval=interval_words(line.in_time.interval),
        counted=number(line.counted),
        counts=tuple((OUTCOMES[outcome][0], number(line.counts[outcome])) for outcome in COUNTED),
        others=tuple((OUTCOMES[outcome][0], number(line.counts[outcome])) for outcome in NOT_COUNTED),
        not_counted=number(line.not_counted),
        total=number(line.total),
    )


CSV_HEADER = (
    "Period from",
    "Period to",
    "As known on",
    "Agency",
    "Right",
    "Title of right",
    "Met in time (%)",
    "95% interval from (%)",
    "95% interval to (%)",
    "Duties counted",
    *(OUTCOMES[outcome][0] for outcome in COUNTED),
    *(OUTCOMES[outcome][0] for outcome in NOT_COUNTED),
    "Not counted",
    "All duties",
)


def csv_rows(view: ComplianceView, code: VictimsCode) -> Iterator[Sequence[str]]:
    """The same table for machines, one line a row."""
    for line in view.lines:
        low, high = interval_ends(line.in_time.interval)
        yield (
            view.period.from_on.isoformat(),
            view.period.last_on.isoformat(),
            view.as_of.isoformat(),
            agency_title(code, line.line.agency),
            str(line.line.right),
            code.latest.right_title(line.line.right),
            plain_percent(line.in_time.share),
            plain_percent(low),
            plain_percent(high),
            plain_number(line.counted),
            *(plain_number(line.counts[outcome]) for outcome in (*COUNTED, *NOT_COUNTED)),
            plain_number(line.not_counted),
            plain_number(line.total),
        )


def extremes(view: ComplianceView, code: VictimsCode) -> str:
    """The lowest and the highest line in a sentence, of those that show a percentage."""
    shown = [(line.in_time.share, line) for line in view.lines if isinstance(line.in_time.share, float)]
    if len(shown) < 2:
        return ""
    (_, lowest), (_, highest) = min(shown, key=lambda pair: pair[0]), max(shown, key=lambda pair: pair[0])
    return f"Lowest: {_in_a_sentence(lowest, code)}. Highest: {_in_a_sentence(highest, code)}."


def _in_a_sentence(line: Compliance, code: VictimsCode) -> str:
    right = f"right {line.line.right} ({code.latest.right_title(line.line.right)})"
    duties, interval = number(line.counted), interval_words(line.in_time.interval)
    return f"{agency_title(code, line.line.agency)}, {right}, {percent(line.in_time.share)} of {duties} ({interval})"


def editions_in_words(view: ComplianceView, code: VictimsCode) -> list[str]:
    """The editions that governed the table's duties."""
    return [_edition_in_words(code.edition(edition)) for edition in view.editions]


def _edition_in_words(edition: Edition) -> str:
    return f"{edition.title} (facts last checked on {day(edition.checked_on)})"


def unverified_rules(view: ComplianceView, code: VictimsCode) -> list[str]:
    """The rules in the table whose limits were not seen in the Code's own words or in a close summary of it."""
    rights = {line.line.right for line in view.lines}
    rules = [rule for edition in view.editions for rule in code.edition(edition).rules if _counts_in(rule, rights)]
    return list(dict.fromkeys(f"{rule.title} ({rule.id})" for rule in rules if not rule.verified))


def _counts_in(rule: Rule, rights: set[int]) -> bool:
    return rule.right in rights and not rule.policy


def untimed_rights(code: VictimsCode) -> list[str]:
    """The rights under which the newest edition sets no limit that could be counted."""
    timed = {rule.right for rule in code.latest.rules}
    return [f"{right.number}. {right.title}" for right in code.latest.rights if right.number not in timed]

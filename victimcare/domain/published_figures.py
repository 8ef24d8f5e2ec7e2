"""Figures of a quarter as a board may see them: protected together, and published again only where nobody is found.

Each agency's duties are one line, broken down in several ways (`domain/breakdown.py`). Figures that were published are
out: whoever has two of them can subtract. So a table is published again only as a whole, and only where each number
that it shows is what it was whenever it was shown, in whatever table, or differs from it by the threshold or more, and
where it hides what was hidden.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

from victimcare.domain.breakdown import protect_breakdown
from victimcare.domain.compliance import COUNTED, NOT_COUNTED, Outcome
from victimcare.domain.duty_tally import Breakdown, By, Tallied, Tally
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import Count, Suppressed
from victimcare.domain.suppression import ProtectedParts, protect_parts

GROUPS = (COUNTED, NOT_COUNTED)
"""The outcomes of which a percentage is met in time, and those beside it: each protected with its own sum."""


@dataclass(frozen=True, slots=True)
class DaysTaken:
    """Working days until duties were answered: the median, and within how many nine in ten were (None: too few)."""

    median: int
    nine_in_ten: int | None


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """What became of the duties of a line. `counted` has a part for each of COUNTED, `not_counted` of NOT_COUNTED."""

    value: str
    counted: ProtectedParts
    not_counted: ProtectedParts
    days: DaysTaken | None

    @property
    def numbers(self) -> tuple[Count, ...]:
        """Every number of it, in one order."""
        return (*self.counted.parts, self.counted.total, *self.not_counted.parts, self.not_counted.total)

    @property
    def outcomes(self) -> Mapping[Outcome, Count]:
        """Its numbers by outcome."""
        parts = (*self.counted.parts, *self.not_counted.parts)
        return dict(zip((*COUNTED, *NOT_COUNTED), parts, strict=True))


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A breakdown with its sum, as known on `known_on` (London date). Without rows all of it is hidden."""

    breakdown: Breakdown
    known_on: date
    total: PublishedLine
    rows: tuple[PublishedLine, ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """The figures of a quarter, published for the `number`-th time."""

    quarter: Quarter
    number: int
    threshold: int
    editions: tuple[str, ...]
    tables: tuple[PublishedTable, ...]

    def table(self, breakdown: Breakdown) -> PublishedTable | None:
        """The table; None where the agency, or its right, has no duty in the quarter."""
        return next((table for table in self.tables if table.breakdown == breakdown), None)


def publish(
    tally: Tally, *, quarter: Quarter, known_on: date, threshold: int, earlier: Sequence[Publication] = ()
) -> Publication | None:
    """The next publication of the quarter, after all `earlier` ones; None where it would show nothing new."""
    last = earlier[-1] if earlier else None
    threshold = max(threshold, last.threshold) if last else threshold  # what was hidden once stays hidden
    new = tuple(_tables(tally, quarter, known_on, threshold))
    if last is None or last.threshold < threshold:  # what was published with a lower threshold does not bind it
        return Publication(quarter, len(earlier) + 1, threshold, tuple(sorted(tally.editions)), new)
    shown = _Shown(last.threshold)
    for table in (table for one in earlier for table in one.tables):
        shown.add(table)
    tables = tuple(_revised(table, last.table(table.breakdown), shown) for table in new)
    if tables == last.tables:
        return None
    return replace(last, number=len(earlier) + 1, editions=tuple(sorted(tally.editions)), tables=tables)


def _revised(table: PublishedTable, last: PublishedTable | None, shown: _Shown) -> PublishedTable:
    """The table, or the last that was published where nothing changed or what did would point at somebody."""
    if last is not None and (replace(last, known_on=table.known_on) == table or not shown.goes_with(table)):
        return last
    shown.add(table)
    return table


class _Shown:
    """Every line that was ever shown, in whatever table: a line stands in its own and above those that split it."""

    def __init__(self, threshold: int) -> None:
        self._threshold = threshold
        self._lines: defaultdict[tuple[object, ...], list[PublishedLine]] = defaultdict(list)
        self._values: defaultdict[Breakdown, set[str]] = defaultdict(set)
        self._was_split: dict[Breakdown, bool] = {}

    def add(self, table: PublishedTable) -> None:
        """Show a table."""
        self._was_split[table.breakdown] = bool(table.rows)
        for row in table.rows:
            self._values[table.breakdown].add(row.value)
            self._lines[_place(table.breakdown, row.value)].append(row)
        self._lines[_place_of_total(table.breakdown)].append(table.total)

    def goes_with(self, table: PublishedTable) -> bool:
        """Whether nobody is found by whoever subtracts what was shown from the table."""
        if self._was_split.get(table.breakdown, bool(table.rows)) is not bool(table.rows):
            return False
        rows = {row.value: row for row in table.rows}
        gone = {value: _nothing(value) for value in self._values[table.breakdown]}
        lines = [(_place(table.breakdown, value), row) for value, row in {**gone, **rows}.items()]
        return all(
            self._tells_nobody(before, now)
            for place, now in [*lines, (_place_of_total(table.breakdown), table.total)]
            for before in self._lines[place] or [_nothing("")]
        )

    def _tells_nobody(self, before: PublishedLine, now: PublishedLine) -> bool:
        return all(
            isinstance(new, Suppressed)
            or (not isinstance(old, Suppressed) and (new == old or abs(new - old) >= self._threshold))
            for old, new in zip(before.numbers, now.numbers, strict=True)
        )


def _place(breakdown: Breakdown, value: str) -> tuple[object, ...]:
    """Which line this is, in whatever table it stands."""
    if breakdown.by is By.RIGHT:
        return _place_of_total(breakdown._replace(right=int(value)))
    return (*breakdown, value)


def _place_of_total(breakdown: Breakdown) -> tuple[object, ...]:
    return breakdown.agency, breakdown.right


def _nothing(value: str) -> PublishedLine:
    counted, not_counted = (protect_parts([0] * len(group)) for group in GROUPS)
    return PublishedLine(value, counted, not_counted, None)


def _tables(tally: Tally, quarter: Quarter, known_on: date, threshold: int) -> Iterator[PublishedTable]:
    """Agency by agency: its own breakdowns, then those of each of its rights."""
    for agency in sorted(tally.agencies):
        total = _total(tally.agencies[agency], threshold)
        of_right: dict[int | None, PublishedLine] = {None: total}
        of_agency = [breakdown for breakdown in tally.tables if breakdown.agency == agency]
        for breakdown in sorted(of_agency, key=_rights_last):
            line = of_right.get(breakdown.right)
            if line is None:  # its right is hidden altogether
                continue
            rows = _rows(line, breakdown, tally.tables[breakdown], quarter, threshold)
            if breakdown.by is By.RIGHT:
                of_right |= {int(row.value): row for row in rows}
            yield PublishedTable(breakdown, known_on, line, rows)


def _rights_last(breakdown: Breakdown) -> tuple[int, str]:
    return breakdown.right or 0, breakdown.by.value


def _total(tallied: Tallied, threshold: int) -> PublishedLine:
    groups = [protect_parts([tallied.outcomes[outcome] for outcome in group], threshold) for group in GROUPS]
    return _line("", tallied, groups, threshold)


def _rows(
    line: PublishedLine, breakdown: Breakdown, values: Mapping[str, Tallied], quarter: Quarter, threshold: int
) -> tuple[PublishedLine, ...]:
    """The lines of a breakdown; none where all is hidden, lest the list of them tell which have any duty."""
    names = quarter.months if breakdown.by is By.MONTH else sorted(values)
    tallied = [values.get(name, Tallied()) for name in names]
    protected = [
        protect_breakdown(of_line, [[each.outcomes[outcome] for outcome in group] for each in tallied], threshold)
        for of_line, group in zip((line.counted, line.not_counted), GROUPS, strict=True)
    ]
    rows = [
        _line(name, each, groups, threshold) for name, each, *groups in zip(names, tallied, *protected, strict=True)
    ]
    return tuple(rows) if any(_tells_something(row) for row in rows) else ()


def _tells_something(row: PublishedLine) -> bool:
    return any(count for count in row.numbers if not isinstance(count, Suppressed))


def _line(value: str, tallied: Tallied, groups: Sequence[ProtectedParts], threshold: int) -> PublishedLine:
    counted, not_counted = groups
    line = PublishedLine(value, counted, not_counted, None)
    answered = (line.outcomes[Outcome.MET], line.outcomes[Outcome.MET_LATE])
    if any(isinstance(count, Suppressed) for count in answered):
        return line
    return replace(line, days=_days_taken(tallied.days, threshold))


def _days_taken(days: Counter[int], threshold: int) -> DaysTaken | None:
    """By nearest rank, where as many as the threshold lie on either side: no figure is that of a few."""
    answered = days.total()
    if answered < 2 * threshold:
        return None
    nine_in_ten = _ranked(days, ceil(answered * 0.9)) if answered >= 10 * threshold else None
    return DaysTaken(_ranked(days, ceil(answered / 2)), nine_in_ten)


def _ranked(days: Counter[int], rank: int) -> int:
    passed = 0
    for number in sorted(days):
        passed += days[number]
        if passed >= rank:
            return number
    raise ValueError(f"there is no {rank}th of {passed}")

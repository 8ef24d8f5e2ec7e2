"""Figures of a quarter as a board may see them: protected together, and published again only where nobody is found.

Each agency's duties are one line, broken down in several ways (`domain/breakdown.py`), and so is all else
that is counted. Figures that were published are out: whoever has two of them can subtract. So a table is
published again only as a whole, and only where each number that it shows is what it was whenever it was shown, in
whatever table, or differs from it by the threshold or more, and where it hides what was hidden.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

from victimcare.domain.breakdown import protect_breakdown
from victimcare.domain.compliance import COUNTED, NOT_COUNTED, Outcome
from victimcare.domain.counted import SPLITS, groups_in_all, groups_of, opened_by, splits_of
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import Count, Suppressed, added
from victimcare.domain.support_reached import NOT_REFERRED, REFERRED, SupportReached
from victimcare.domain.suppression import ProtectedParts, protect_parts
from victimcare.domain.tally import Breakdown, By, Tallied, Tally

FORM = 3
"""What a publication holds: all that domain/counted.py has. One of a lower form lacks some; the first held duties."""


@dataclass(frozen=True, slots=True)
class DaysTaken:
    """Days that something took: the median, and within how many nine in ten were done (None: too few).

    Of duties they are working days, of stages calendar days.
    """

    median: int
    nine_in_ten: int | None


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """A line of a table: its columns, each group of them protected with its own sum (domain/counted.py)."""

    value: str
    groups: tuple[ProtectedParts, ...]
    days: DaysTaken | None = None

    @property
    def numbers(self) -> tuple[Count, ...]:
        """Every number of it, in one order."""
        return tuple(count for group in self.groups for count in (*group.parts, group.total))

    @property
    def counted(self) -> ProtectedParts:
        """Of duties: those of which a percentage is met in time."""
        return self.groups[0]

    @property
    def not_counted(self) -> ProtectedParts:
        """Of duties: those beside the percentage."""
        return self.groups[1]

    @property
    def outcomes(self) -> Mapping[Outcome, Count]:
        """Of duties: its numbers by outcome."""
        return dict(zip((*COUNTED, *NOT_COUNTED), self._parts, strict=True))

    @property
    def support(self) -> Mapping[SupportReached, Count]:
        """Of victims: its numbers by how far they came."""
        return dict(zip((*REFERRED, *NOT_REFERRED, SupportReached.NO_EVIDENCE), self._parts, strict=True))

    @property
    def _parts(self) -> tuple[Count, ...]:
        return tuple(count for group in self.groups for count in group.parts)


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A breakdown with its sum, as known on `known_on` (London date). Without rows all of it is hidden."""

    breakdown: Breakdown
    known_on: date
    total: PublishedLine
    rows: tuple[PublishedLine, ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """The figures of a quarter, published for the `number`-th time; 0: shown beside what was published."""

    quarter: Quarter
    number: int
    threshold: int
    editions: tuple[str, ...]
    tables: tuple[PublishedTable, ...]
    form: int = FORM

    def table(self, breakdown: Breakdown) -> PublishedTable | None:
        """The table; None where there is nothing of that kind in the quarter."""
        return next((table for table in self.tables if table.breakdown == breakdown), None)


def publish(
    tally: Tally,
    *,
    quarter: Quarter,
    known_on: date,
    threshold: int,
    earlier: Sequence[Publication] = (),
    beside: Sequence[Publication] = (),
) -> Publication | None:
    """The next publication of the quarter, after all `earlier` ones; None where it would show nothing new.

    `beside` is what else was shown of the quarter (`shown_beside`).
    """
    last = earlier[-1] if earlier else None
    threshold = max(threshold, last.threshold) if last else threshold  # what was hidden once stays hidden
    new = tuple(_tables(tally, quarter, known_on, threshold))
    if last is None or last.threshold < threshold:  # what was published with a lower threshold does not bind it
        return Publication(quarter, len(earlier) + 1, threshold, tuple(sorted(tally.editions)), new)
    shown = _Shown(last.threshold)
    for table in (table for one in (*earlier, *beside) for table in one.tables):
        shown.add(table)
    revised = (_revised(table, last.table(table.breakdown), shown) for table in new)
    tables = tuple(table for table in revised if table is not None)
    if tables == last.tables and last.form == FORM:
        return None
    return Publication(quarter, len(earlier) + 1, threshold, tuple(sorted(tally.editions)), tables)


def shown_beside(
    tally: Tally, *, quarter: Quarter, known_on: date, shown: Sequence[Publication], told: Callable[[Breakdown], bool]
) -> Publication:
    """Figures of the quarter reckoned in another way, those tables that are `told`, as they may stand beside others.

    Tables that would tell of somebody, to whoever subtracts them from what was `shown`, are left out.
    """
    threshold = max(one.threshold for one in shown)
    before = _Shown(threshold)
    for table in (table for one in shown for table in one.tables):
        before.add(table)
    tables = []
    for table in _tables(tally, quarter, known_on, threshold):
        if told(table.breakdown) and before.goes_with(table):
            before.add(table)
            tables.append(table)
    return Publication(quarter, 0, threshold, tuple(sorted(tally.editions)), tuple(tables))


def _revised(table: PublishedTable, last: PublishedTable | None, shown: _Shown) -> PublishedTable | None:
    """The table, or the last that was published (None: none was) where nothing changed or it would find somebody."""
    if last is not None and replace(last, known_on=table.known_on) == table:
        return last
    if not shown.goes_with(table):
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
        self._tables: defaultdict[Breakdown, list[PublishedTable]] = defaultdict(list)

    def add(self, table: PublishedTable) -> None:
        """Show a table."""
        self._tables[table.breakdown].append(table)
        self._was_split[table.breakdown] = bool(table.rows)
        self._values[table.breakdown].update(row.value for row in table.rows)
        for place, line in _lines_of(table):
            self._lines[place].append(line)

    def goes_with(self, table: PublishedTable) -> bool:
        """Whether nobody is found by whoever subtracts what was shown from the table."""
        if self._was_split.get(table.breakdown, bool(table.rows)) is not bool(table.rows):
            return False
        gone = self._values[table.breakdown] - {row.value for row in table.rows}
        lines = ((_place(table.breakdown, value), _nothing(table.breakdown)) for value in gone)
        return all(
            self._tells_nobody(before, now)
            for place, now in (*lines, *_lines_of(table))
            for before in self._lines[place] or [_as_nothing(now)]
        ) and all(self._rest_tells_nobody(before, table) for before in self._tables[table.breakdown])

    def _tells_nobody(self, before: PublishedLine, now: PublishedLine) -> bool:
        of_groups = zip(before.groups, now.groups, strict=True)
        return all(map(self._is_far, before.numbers, now.numbers)) and all(
            self._is_far_from_rest((*old.parts, old.total), (*new.parts, new.total)) for old, new in of_groups
        )

    def _rest_tells_nobody(self, before: PublishedTable, now: PublishedTable) -> bool:
        """Whether the lines that are hidden in a column, taken together, tell nobody either."""
        values = {row.value for table in (before, now) for row in table.rows}
        none = [0] * len(now.total.numbers)
        columns = []
        for table in (before, now):
            lines = {row.value: row.numbers for row in table.rows}
            columns.append(zip(*(lines.get(value, none) for value in values), table.total.numbers, strict=True))
        return all(map(self._is_far_from_rest, *columns))

    def _is_far_from_rest(self, before: Sequence[Count], now: Sequence[Count]) -> bool:
        """Whether what is hidden `now` differs, all together, by nothing or by enough: the last number is the sum."""
        told = [place for place, count in enumerate(now[:-1]) if not isinstance(count, Suppressed)]
        rests = [
            added([total, *(_negative(numbers[place]) for place in told)])
            for numbers, total in ((before, before[-1]), (now, now[-1]))
        ]
        return any(isinstance(rest, Suppressed) for rest in rests) or self._is_far(*rests)

    def _is_far(self, before: Count, now: Count) -> bool:
        if isinstance(now, Suppressed):
            return True
        return not isinstance(before, Suppressed) and (now == before or abs(now - before) >= self._threshold)


def _lines_of(table: PublishedTable) -> Iterator[tuple[tuple[object, ...], PublishedLine]]:
    """Its lines and its total, each with its place, and with the numbers of it that other tables split."""
    of, in_all = table.breakdown.of, _place_of_total(table.breakdown)
    lines = [(in_all, table.total), *((_place(table.breakdown, row.value), row) for row in table.rows)]
    for place, line in lines:
        yield place, line
        if len(place) == 2:
            for split in splits_of(of):
                yield (*place, split), _one_number(_told_together(of, line, split))


def _place(breakdown: Breakdown, value: str) -> tuple[object, ...]:
    """Which line this is, in whatever table it stands."""
    if breakdown.by is opened_by(breakdown.of):
        return breakdown.of, value
    return (*breakdown, value)


def _place_of_total(breakdown: Breakdown) -> tuple[object, ...]:
    of = breakdown.of, None if breakdown.by is By.ANSWER else breakdown.within
    return (*of, SPLITS[breakdown.by]) if breakdown.by in SPLITS else of


def _negative(count: Count) -> Count:
    return count if isinstance(count, Suppressed) else -count


def _as_nothing(line: PublishedLine) -> PublishedLine:
    return PublishedLine("", tuple(protect_parts([0] * len(group.parts)) for group in line.groups))


def _one_number(count: Count) -> PublishedLine:
    return PublishedLine("", (ProtectedParts((count,), count),))


def _nothing(breakdown: Breakdown) -> PublishedLine:
    return PublishedLine("", tuple(protect_parts([0] * len(group)) for group in groups_of(breakdown)))


def _tables(tally: Tally, quarter: Quarter, known_on: date, threshold: int) -> Iterator[PublishedTable]:
    """Of each agency its own tables, then those of each of its rights; and so of whatever else is counted."""
    for of in sorted(tally.lines):
        in_all = _in_all(of, tally.lines[of], threshold)
        opened: dict[str, PublishedLine] = {}
        for breakdown in sorted((each for each in tally.tables if each.of == of), key=_parts_last):
            line = _line_to_split(breakdown, in_all, opened)
            if line is None:  # its right, or its team, is hidden altogether
                continue
            rows = _rows(line, breakdown, tally.tables[breakdown], quarter, threshold)
            if breakdown.by is opened_by(of):
                opened |= {row.value: row for row in rows}
            yield PublishedTable(breakdown, known_on, line, rows)


def _parts_last(breakdown: Breakdown) -> tuple[str, str]:
    return (breakdown.within or "").rjust(2), breakdown.by.value


def _line_to_split(
    breakdown: Breakdown, in_all: PublishedLine, opened: Mapping[str, PublishedLine]
) -> PublishedLine | None:
    """What the lines of a table add up to: everything, what belongs to a right, or one number of either."""
    everything = breakdown.within is None or breakdown.by is By.ANSWER
    line = in_all if everything else opened.get(breakdown.within or "")
    if line is None or breakdown.by not in SPLITS:
        return line
    return _one_number(_told_together(breakdown.of, line, SPLITS[breakdown.by]))


def _told_together(of: str, line: PublishedLine, outcomes: Sequence[str]) -> Count:
    """What a line shows of these outcomes together."""
    together = frozenset(outcomes)
    return added(
        _told_of_group(group, [together.issuperset(column) for column in columns])
        for group, columns in zip(line.groups, groups_in_all(of), strict=True)
    )


def _told_of_group(group: ProtectedParts, wanted: Sequence[bool]) -> Count:
    """What a group shows of its parts that are wanted: their sum, or what the others leave of the total."""
    others = added(part for part, is_wanted in zip(group.parts, wanted, strict=True) if not is_wanted)
    if not any(wanted) or isinstance(others, Suppressed) or isinstance(group.total, Suppressed):
        return added(part for part, is_wanted in zip(group.parts, wanted, strict=True) if is_wanted)
    return group.total - others


def _in_all(of: str, tallied: Tallied, threshold: int) -> PublishedLine:
    groups = [[tallied.count(column) for column in group] for group in groups_in_all(of)]
    return _line("", tallied, [protect_parts(counts, threshold) for counts in groups], threshold)


def _rows(
    line: PublishedLine, breakdown: Breakdown, values: Mapping[str, Tallied], quarter: Quarter, threshold: int
) -> tuple[PublishedLine, ...]:
    """The lines of a table; none where all is hidden, lest the list of them tell which have any."""
    names = quarter.months if breakdown.by is By.MONTH else sorted(values)
    tallied = [values.get(name, Tallied()) for name in names]
    if breakdown.by in SPLITS:  # the line of which a number is split tells the days
        tallied = [Tallied(each.outcomes) for each in tallied]
    protected = [
        protect_breakdown(of_line, [[each.count(column) for column in group] for each in tallied], threshold)
        for of_line, group in zip(line.groups, groups_of(breakdown), strict=True)
    ]
    rows = [
        _line(name, each, groups, threshold) for name, each, *groups in zip(names, tallied, *protected, strict=True)
    ]
    return tuple(rows) if any(_tells_something(row) for row in rows) else ()


def _tells_something(row: PublishedLine) -> bool:
    return any(count for count in row.numbers if not isinstance(count, Suppressed))


def _line(value: str, tallied: Tallied, groups: Sequence[ProtectedParts], threshold: int) -> PublishedLine:
    line = PublishedLine(value, tuple(groups))
    if not tallied.days:
        return line
    of_duties = len(groups) > 1
    answered = (line.outcomes[Outcome.MET], line.outcomes[Outcome.MET_LATE]) if of_duties else line.numbers
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

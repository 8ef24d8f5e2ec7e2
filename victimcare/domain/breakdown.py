"""A published line broken down in several ways, none of which gives away what another hides.

A line is the duties of an agency in a quarter, say: how many were met, met late and so on, with their sum. Broken down
by area, by tier and by month it adds up to itself each time, so that a number hidden in one table could be had by
subtraction from the others. It cannot, because a breakdown splits nothing but what its line shows: outcomes that the
line hides are one column to it, and whatever it hides itself could be otherwise with every total of its line unchanged.
No other breakdown of the line then changes either, nor does one of the breakdown's own lines, which is made from what
that line shows in turn. So each is safe by itself, and all are together.
"""

from __future__ import annotations

from collections.abc import Sequence

from victimcare.domain.rings import Flow, NoRing, to_hide
from victimcare.domain.small_numbers import SUPPRESSED, THRESHOLD, Suppressed
from victimcare.domain.suppression import ProtectedParts

_Columns = list[list[int]]
"""The columns of a breakdown: which parts each is the sum of."""


def protect_breakdown(
    line: ProtectedParts, rows: Sequence[Sequence[int]], threshold: int = THRESHOLD, *, rows_are_known: bool = False
) -> tuple[ProtectedParts, ...]:
    """The rows of which `line` is the sum, part by part, as they may be published beside it.

    `rows_are_known`: the sum of each row is published elsewhere, so none is hidden, and what is hidden keeps to them.
    Raises ValueError where they do not add up to what the line shows.
    """
    _check_sums(line, rows)
    everything = tuple(_hidden_row(line) for _ in rows)
    if isinstance(line.total, Suppressed):
        return everything
    columns = _columns_of(line)
    while True:
        flows = _flows(rows, columns, rows_are_known=rows_are_known)
        try:
            hidden = to_hide(flows, threshold)
        except NoRing as alone:
            if alone.flow.is_total or len(columns) < 2:
                return everything
            columns = _merged(columns, int(alone.flow.name[-1]), rows)
        else:
            shown = {flow.name for flow in flows} - hidden
            shown |= {("row", row) for row in range(len(rows)) if rows_are_known}
            return tuple(_row(number, row, columns, shown) for number, row in enumerate(rows))


def protect_row(counts: Sequence[int], threshold: int = THRESHOLD) -> ProtectedParts:
    """The parts of a sum that is published whatever they are: the small ones are hidden, and what would tell them.

    All are, also those that are none, where the sum is too small for anything else.
    """
    parts = [Flow(("cell", 0, part), ("row", 0), ("parts",), count) for part, count in enumerate(counts)]
    try:
        hidden = to_hide(parts, threshold)
    except NoRing:
        hidden = {flow.name for flow in parts}
    shown = tuple(SUPPRESSED if flow.name in hidden else flow.count for flow in parts)
    return ProtectedParts(shown, sum(counts))


def _hidden_row(line: ProtectedParts) -> ProtectedParts:
    """A row that shows no more than that its line has none of something."""
    parts = tuple(0 if part == 0 else SUPPRESSED for part in line.parts)
    return ProtectedParts(parts, 0 if line.total == 0 else SUPPRESSED)


def _columns_of(line: ProtectedParts) -> _Columns:
    """A column for each part that the line shows, and one for all that it hides."""
    hidden = [part for part, count in enumerate(line.parts) if isinstance(count, Suppressed)]
    shown = [[part] for part, count in enumerate(line.parts) if count]
    return [*(column for column in shown if column[0] not in hidden), *([hidden] if hidden else [])]


def _merged(columns: _Columns, small: int, rows: Sequence[Sequence[int]]) -> _Columns:
    """The columns with one of them put together with the smallest of the others: the largest tell most."""
    totals = [sum(row[part] for row in rows for part in column) for column in columns]
    other = min((column for column in range(len(columns)) if column != small), key=lambda column: totals[column])
    kept = [column for place, column in enumerate(columns) if place not in (small, other)]
    return [*kept, sorted(columns[small] + columns[other])]


def _flows(rows: Sequence[Sequence[int]], columns: _Columns, *, rows_are_known: bool) -> list[Flow]:
    """The cells, and the totals of the rows where those may be hidden. The line's own are no flows: they stay."""
    flows = []
    for row, counts in enumerate(rows):
        if not rows_are_known:
            flows.append(Flow(("row", row), ("rows",), ("row", row), sum(counts)))
        for column, parts in enumerate(columns):
            count = sum(counts[part] for part in parts)
            flows.append(Flow(("cell", row, column), ("row", row), ("column", column), count))
    return flows


def _row(
    number: int, counts: Sequence[int], columns: _Columns, shown: set[tuple[str, *tuple[int, ...]]]
) -> ProtectedParts:
    parts: list[int | Suppressed] = [0] * len(counts)
    for column, together in enumerate(columns):
        is_shown = ("cell", number, column) in shown
        is_told = is_shown and (len(together) == 1 or not any(counts[part] for part in together))
        for part in together:
            parts[part] = counts[part] if is_told else SUPPRESSED
    return ProtectedParts(tuple(parts), sum(counts) if ("row", number) in shown else SUPPRESSED)


def _check_sums(line: ProtectedParts, rows: Sequence[Sequence[int]]) -> None:
    for part, count in enumerate(line.parts):
        if not isinstance(count, Suppressed) and count != sum(row[part] for row in rows):
            raise ValueError(f"The rows add up to another number than the {count} of part {part} of their line.")

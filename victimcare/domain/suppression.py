"""Tables of counts as they may be published.

A board sees tables, never cases. A count below the threshold is hidden, and so are as many others as it takes
to keep it hidden: by all that the table still shows, each hidden small count could just as well reach the
threshold. Zeros are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from victimcare.domain.rings import Flow, to_hide
from victimcare.domain.small_numbers import SUPPRESSED, THRESHOLD, Count


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A table of counts with its totals, as it may be published.

    `subtotals` holds, row by row, the sum of each group of columns; `group_totals` their sums over all rows.
    """

    cells: tuple[tuple[Count, ...], ...]
    row_totals: tuple[Count, ...]
    column_totals: tuple[Count, ...]
    grand_total: Count
    subtotals: tuple[tuple[Count, ...], ...]
    group_totals: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class ProtectedParts:
    """A total and what it is made of, as it may be published."""

    parts: tuple[Count, ...]
    total: Count


def protect_table(
    rows: Sequence[Sequence[int]], threshold: int = THRESHOLD, *, groups: Sequence[Sequence[int]] = ()
) -> ProtectedTable:
    """The table with every count of 1 to `threshold` - 1 hidden, and what must be for them to stay hidden.

    `groups` names columns (by index, each in one group at most) whose sum is published too, as the
    denominator of a percentage is: a sum that the table does not know of can give a hidden count away.
    """
    _check_counts(rows, threshold, groups)
    flows = _flows(rows, groups)
    hidden = to_hide(flows, threshold)
    shown = {flow.name: SUPPRESSED if flow.name in hidden else flow.count for flow in flows}
    down, across, grouped = range(len(rows)), range(len(rows[0]) if rows else 0), range(len(groups))
    return ProtectedTable(
        cells=tuple(tuple(shown[("cell", row, column)] for column in across) for row in down),
        row_totals=tuple(shown[("row", row)] for row in down),
        column_totals=tuple(shown[("column", column)] for column in across),
        grand_total=shown[("all",)],
        subtotals=tuple(tuple(shown[("subtotal", row, group)] for group in grouped) for row in down),
        group_totals=tuple(shown[("group", group)] for group in grouped),
    )


def protect_parts(parts: Sequence[int], threshold: int = THRESHOLD) -> ProtectedParts:
    """The parts of one total (met, met late, overdue ... of one right) with what must be hidden hidden."""
    table = protect_table([parts], threshold)
    return ProtectedParts(parts=table.cells[0], total=table.grand_total)


def _flows(rows: Sequence[Sequence[int]], groups: Sequence[Sequence[int]]) -> list[Flow]:
    """The cells, subtotals and totals of the table, each from where it is taken to where it is added."""
    group_of = {column: group for group, columns in enumerate(groups) for column in columns}
    columns = [sum(column) for column in zip(*rows, strict=True)]
    flows = [Flow(("all",), ("bottom",), ("right",), sum(columns))]
    for row, counts in enumerate(rows):
        flows.append(Flow(("row", row), ("right",), ("row", row), sum(counts)))
        for group, members in enumerate(groups):
            subtotal = sum(counts[column] for column in members)
            flows.append(Flow(("subtotal", row, group), ("row", row), ("part", row, group), subtotal))
        for column, count in enumerate(counts):
            part = ("part", row, group_of[column]) if column in group_of else ("row", row)
            flows.append(Flow(("cell", row, column), part, ("column", column), count))
    for column, count in enumerate(columns):
        below = ("group", group_of[column]) if column in group_of else ("bottom",)
        flows.append(Flow(("column", column), ("column", column), below, count))
    for group, members in enumerate(groups):
        total = sum(columns[column] for column in members)
        flows.append(Flow(("group", group), ("group", group), ("bottom",), total))
    return flows


def _check_counts(rows: Sequence[Sequence[int]], threshold: int, groups: Sequence[Sequence[int]]) -> None:
    if threshold < 1:
        raise ValueError(f"A threshold of {threshold} is less than 1.")
    if len({len(row) for row in rows}) > 1:
        raise ValueError("The rows of a table must be of one length.")
    if any(count < 0 for row in rows for count in row):
        raise ValueError("A count cannot be less than 0.")
    grouped = [column for group in groups for column in group]
    columns = range(len(rows[0]) if rows else 0)
    if rows and (len(grouped) != len(set(grouped)) or not set(grouped) <= set(columns)):
        raise ValueError("Each group must name columns of the table, and none twice.")

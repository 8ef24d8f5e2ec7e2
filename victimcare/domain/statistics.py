"""Counts and proportions that may be published: how sure they are, and which would point at one victim.

A board sees tables, never cases. A count below the threshold is hidden, and so are as many others as it takes
to keep it hidden: by all that the table still shows, each hidden small count could just as well reach the
threshold. Zeros are shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from heapq import heappop, heappush
from math import sqrt
from typing import Final, TypeAlias

THRESHOLD: Final = 5

_Z95: Final = 1.959963984540054  # 97.5% of a normal distribution lie below it


class Suppressed(Enum):
    """Stands where a number may not be shown."""

    SUPPRESSED = "suppressed"


SUPPRESSED: Final = Suppressed.SUPPRESSED

Count: TypeAlias = int | Suppressed
Proportion: TypeAlias = float | Suppressed


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """The 95% confidence interval of a proportion, by Wilson's score: (low, high), each from 0 to 1.

    No trials tell nothing: (0, 1).
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a proportion.")
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    spread = _Z95 * sqrt(share * (1 - share) / trials + _Z95**2 / (4 * trials**2))
    centre = share + _Z95**2 / (2 * trials)
    scale = 1 + _Z95**2 / trials
    # At 0 of n and n of n the bound is the share itself; rounding must not push it past.
    return min(share, max(0.0, (centre - spread) / scale)), max(share, min(1.0, (centre + spread) / scale))


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
    hidden = _hidden(flows, threshold)
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


def protect_proportion(numerator: Count, denominator: Count, threshold: int = THRESHOLD) -> Proportion:
    """`numerator` / `denominator`, from 0 to 1, unless it would show what is hidden or rest on too few.

    Hidden if either count is, if the denominator is below `threshold`, or if the numerator or what is left of
    the denominator is 1 to `threshold` - 1.
    """
    if isinstance(numerator, Suppressed) or isinstance(denominator, Suppressed):
        return SUPPRESSED
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is not a proportion.")
    if denominator < max(threshold, 1) or any(
        _is_small(count, threshold) for count in (numerator, denominator - numerator)
    ):
        return SUPPRESSED
    return numerator / denominator


# A table with its totals is a circulation: what enters a row (its total) leaves it through its cells, enters
# their columns, and comes back through the column totals and the grand total. Hidden numbers can differ without
# any shown one differing only round a ring of them: more along a flow's direction, less against it. So a small
# count is safe when it is on such a ring and can reach the threshold while the others stay above 0. To
# hide the cheapest such ring is the complementary suppression.

_Name: TypeAlias = tuple[str, *tuple[int, ...]]
_Place: TypeAlias = tuple[str, *tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class _Flow:
    name: _Name
    source: _Place
    target: _Place
    count: int

    @property
    def is_total(self) -> bool:
        return self.name[0] != "cell"


def _flows(rows: Sequence[Sequence[int]], groups: Sequence[Sequence[int]]) -> list[_Flow]:
    """The cells, subtotals and totals of the table, each from where it is taken to where it is added."""
    group_of = {column: group for group, columns in enumerate(groups) for column in columns}
    columns = [sum(column) for column in zip(*rows, strict=True)]
    flows = [_Flow(("all",), ("bottom",), ("right",), sum(columns))]
    for row, counts in enumerate(rows):
        flows.append(_Flow(("row", row), ("right",), ("row", row), sum(counts)))
        for group, members in enumerate(groups):
            subtotal = sum(counts[column] for column in members)
            flows.append(_Flow(("subtotal", row, group), ("row", row), ("part", row, group), subtotal))
        for column, count in enumerate(counts):
            part = ("part", row, group_of[column]) if column in group_of else ("row", row)
            flows.append(_Flow(("cell", row, column), part, ("column", column), count))
    for column, count in enumerate(columns):
        below = ("group", group_of[column]) if column in group_of else ("bottom",)
        flows.append(_Flow(("column", column), ("column", column), below, count))
    for group, members in enumerate(groups):
        total = sum(columns[column] for column in members)
        flows.append(_Flow(("group", group), ("group", group), ("bottom",), total))
    return flows


def _hidden(flows: Sequence[_Flow], threshold: int) -> set[_Name]:
    """The names of the small counts and of the rings that keep them safe, the smallest count first."""
    small = sorted((flow for flow in flows if _is_small(flow.count, threshold)), key=lambda flow: flow.count)
    hidden = {flow.name for flow in small}
    costs = _costs(flows)
    for flow in small:
        hidden.update(_ring(flow, threshold - flow.count, flows, {**costs, **dict.fromkeys(hidden, 0)}))
    return hidden


def _costs(flows: Sequence[_Flow]) -> dict[_Name, int]:
    """What hiding costs: rather few numbers than small ones, and rather every cell than one total."""
    one_number = 1 + max(flow.count for flow in flows)
    every_cell = sum(one_number + flow.count for flow in flows if not flow.is_total)
    return {flow.name: one_number + flow.count + (every_cell if flow.is_total else 0) for flow in flows}


def _ring(rising: _Flow, rise: int, flows: Sequence[_Flow], costs: Mapping[_Name, int]) -> list[_Name]:
    """The cheapest ring on which `rising` can grow by `rise` with every other count on it staying above 0.

    There is always one: the cell, its totals and the grand total, all growing.
    """
    ways: dict[_Place, list[tuple[_Place, _Name]]] = {}
    for flow in flows:
        if flow.count > 0 and flow is not rising:
            ways.setdefault(flow.source, []).append((flow.target, flow.name))
        if flow.count > rise and flow is not rising:
            ways.setdefault(flow.target, []).append((flow.source, flow.name))
    reached: dict[_Place, int] = {rising.target: 0}
    came_by: dict[_Place, tuple[_Place, _Name]] = {}
    waiting: list[tuple[int, _Place]] = [(0, rising.target)]
    while waiting:
        cost, place = heappop(waiting)
        if place == rising.source:
            break
        for onward, name in ways.get(place, ()):
            total = cost + costs[name]
            if onward not in reached or total < reached[onward]:
                reached[onward], came_by[onward] = total, (place, name)
                heappush(waiting, (total, onward))
    return list(_walked_back(came_by, rising.source, rising.target))


def _walked_back(came_by: Mapping[_Place, tuple[_Place, _Name]], end: _Place, start: _Place) -> Iterator[_Name]:
    while end != start:
        end, name = came_by[end]
        yield name


def _is_small(count: int, threshold: int) -> bool:
    return 0 < count < threshold


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

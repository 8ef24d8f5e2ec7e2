"""Several breakdowns of the same lines, attacked together: with subtraction, with bounds, and by brute force."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.recovery import Line, Name, recovered_by_bounds, recovered_by_elimination, recovered_by_subtraction
from victimcare.domain.breakdown import protect_breakdown
from victimcare.domain.small_numbers import SUPPRESSED, Count, Suppressed, added
from victimcare.domain.suppression import ProtectedParts, protect_parts

OUTCOMES = 4
World = Mapping[tuple[int, int, int, int], Sequence[int]]
"""How many duties had each outcome, by quarter, month of the quarter, area and crime type."""


@dataclass
class Published:
    """What a reader is given, number by number, and what they know to add up."""

    shown: dict[Name, Count]
    sums: list[Line]
    may_be_none: set[Name]

    def line(self, name: Name, line: ProtectedParts) -> None:
        """A line, which is the sum of its parts."""
        for part, count in enumerate(line.parts):
            self.shown[*name, part] = count
        self.shown[*name, "total"] = line.total
        self.sums.append(([(*name, part) for part in range(len(line.parts))], (*name, "total")))

    def adds_up(self, names: Sequence[Name], to: Name) -> None:
        """Lines that are together another."""
        for column in (*range(OUTCOMES), "total"):
            self.sums.append(([(*name, column) for name in names], (*to, column)))


def random_worlds(number: int, seed: int) -> Iterator[World]:
    """Two years of a force, or of a village: most counts small, many 0."""
    draw = random.Random(seed)
    for _ in range(number):
        mean = draw.choice([0.3, 1, 4, 15])
        areas, types = draw.randint(1, 4), draw.randint(1, 5)
        places = product(range(5), range(3), range(areas), range(types))
        shares = [draw.choice([0.02, 0.2, 1, 5]) for _ in range(OUTCOMES)]
        yield {place: [int(draw.expovariate(1 / (mean * share))) for share in shares] for place in places}


def totals(world: World, keeps: Callable[[tuple[int, int, int, int]], bool]) -> list[int]:
    rows = [counts for place, counts in world.items() if keeps(place)]
    return [sum(column) for column in zip(*rows, strict=True)]


def publish(world: World) -> Published:
    """Each quarter by month, by area and each area by crime type, by crime type; and every 12 months by area."""
    given = Published({}, [], set())
    quarters, _, areas, types = (range(1 + max(place[axis] for place in world)) for axis in range(4))
    for quarter in quarters:
        line = protect_parts(totals(world, lambda place, q=quarter: place[0] == q))
        given.line((quarter,), line)
        breakdown(
            given,
            (quarter,),
            line,
            "month",
            [totals(world, lambda p, q=quarter, m=m: p[:2] == (q, m)) for m in range(3)],
        )
        breakdown(
            given,
            (quarter,),
            line,
            "type",
            [totals(world, lambda p, q=quarter, t=t: (p[0], p[3]) == (q, t)) for t in types],
        )
        in_area = [totals(world, lambda p, q=quarter, a=a: (p[0], p[2]) == (q, a)) for a in areas]
        for area, of_area in enumerate(breakdown(given, (quarter,), line, "area", in_area)):
            rows = [totals(world, lambda p, q=quarter, a=area, t=t: (p[0], p[2], p[3]) == (q, a, t)) for t in types]
            breakdown(given, (quarter, "area", area), of_area, "type", rows)
    for last in range(3, len(quarters)):
        for area in areas:
            parts = {
                column: added(given.shown[quarter, "area", area, column] for quarter in range(last - 3, last + 1))
                for column in (*range(OUTCOMES), "total")
            }
            given.line(
                ("year", last, area), ProtectedParts(tuple(parts[part] for part in range(OUTCOMES)), parts["total"])
            )
            given.adds_up([(quarter, "area", area) for quarter in range(last - 3, last + 1)], ("year", last, area))
    return given


def breakdown(
    given: Published, name: Name, line: ProtectedParts, by: str, rows: list[list[int]]
) -> tuple[ProtectedParts, ...]:
    protected = protect_breakdown(line, rows)
    for value, row in enumerate(protected):
        given.line((*name, by, value), row)
    lines: list[Name] = [(*name, by, value) for value in range(len(rows))]
    given.adds_up(lines, name)
    for part in range(OUTCOMES):
        column = {(*line, part) for line in lines}
        if not any(given.shown[cell] for cell in column if isinstance(given.shown[cell], int)):
            given.may_be_none |= column  # perhaps one of several that are hidden together, and 0
    return protected


def recovered(given: Published) -> set[Name]:
    """What any of the attacks finds."""
    by_elimination = recovered_by_elimination(given.shown, given.sums)
    by_bounds = recovered_by_bounds(given.shown, given.sums, given.may_be_none)
    return recovered_by_subtraction(given.shown, given.sums) | by_elimination | by_bounds


def test_no_hidden_count_of_2000_tables_is_recovered_from_any_of_the_others() -> None:
    hidden = shown = tables = 0
    for world in random_worlds(60, seed=21):
        given = publish(world)
        tables += sum(len(parts) > 1 and to[-1] == "total" for parts, to in given.sums)
        hidden += sum(isinstance(count, Suppressed) for count in given.shown.values())
        shown += sum(isinstance(count, int) and count > 0 for count in given.shown.values())
        assert recovered(given) == set(), world
    print(f"{tables} tables and lines: {hidden} numbers hidden, {shown} shown, none recovered")
    assert min(hidden, shown) > 5_000


def test_the_attacks_work_where_each_line_is_protected_by_itself() -> None:
    found = 0
    for world in random_worlds(60, seed=22):
        given = Published({}, [], set())
        lines = [protect_parts(totals(world, lambda p, m=month: p[:2] == (0, m))) for month in range(3)]
        given.line((0,), protect_parts(totals(world, lambda place: place[0] == 0)))
        for month, line in enumerate(lines):
            given.line((0, "month", month), line)
        given.adds_up([(0, "month", month) for month in range(3)], (0,))
        found += len(recovered(given))
    assert found > 30


def completions(published: ProtectedParts, most: int) -> Iterator[tuple[int, ...]]:
    """Every line that would be published like this one."""
    choices = [range(most + 1) if part is SUPPRESSED else [part] for part in published.parts]
    for parts in product(*choices):
        if published.total in (SUPPRESSED, sum(parts)):
            yield parts


def test_every_hidden_small_count_could_just_as_well_be_the_threshold() -> None:
    """By brute force: all that looks the same once published, a line of two parts in two breakdowns of two rows."""
    threshold, most, draw, tried = 3, 14, random.Random(23), 0
    for _ in range(150):
        cells = [[[draw.choice([0, 1, 2, 4]) for _ in range(2)] for _ in range(2)] for _ in range(2)]
        by_row = [[a + b for a, b in zip(*row, strict=True)] for row in cells]
        by_column = [[a + b for a, b in zip(*column, strict=True)] for column in zip(*cells, strict=True)]
        line = protect_parts([a + b for a, b in zip(*by_row, strict=True)], threshold)
        tables = [(rows, protect_breakdown(line, rows, threshold)) for rows in (by_row, by_column)]
        alike = [_alike(published, most) for _, published in tables]
        sums = [{_sum(rows) for rows in table} for table in alike]
        possible_lines = {one for one in completions(line, 4 * most) if all(one in each for each in sums)}
        for (rows, _), table in zip(tables, alike, strict=True):
            possible = [each for each in table if _sum(each) in possible_lines]
            for row, part in product(range(2), repeat=2):
                if 0 < rows[row][part] < threshold:
                    tried += 1
                    assert max(each[row][part] for each in possible) >= threshold, (cells, row, part)
    assert tried > 100


def _alike(published: Sequence[ProtectedParts], most: int) -> list[tuple[tuple[int, ...], ...]]:
    return list(product(*(completions(row, most) for row in published)))


def _sum(rows: Sequence[Sequence[int]]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*rows, strict=True))


counts = st.integers(0, 30)
breakdowns = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=5)
)


@given(breakdowns, st.integers(1, 8))
def test_what_is_shown_is_true_and_never_small(rows: list[list[int]], threshold: int) -> None:
    line = protect_parts([sum(column) for column in zip(*rows, strict=True)], threshold)
    for row, published in zip(rows, protect_breakdown(line, rows, threshold), strict=True):
        for count, shown in [*zip(row, published.parts, strict=True), (sum(row), published.total)]:
            assert shown in (count, SUPPRESSED)
            assert shown is SUPPRESSED or not 0 < shown < threshold


@given(breakdowns)
def test_nothing_is_hidden_without_a_small_count(rows: list[list[int]]) -> None:
    sums = [sum(column) for column in zip(*rows, strict=True)]
    if not any(0 < count < 5 for row in [*rows, sums, map(sum, rows), [sum(sums)]] for count in row):
        assert protect_breakdown(protect_parts(sums), rows) == tuple(protect_parts(row) for row in rows)


def test_a_small_count_takes_another_row_with_it_and_leaves_the_line_as_it_is() -> None:
    line = protect_parts([70, 20])
    luton, bedford, central = protect_breakdown(line, [[3, 10], [47, 5], [20, 5]])
    assert (luton.parts, luton.total) == ((SUPPRESSED, SUPPRESSED), 13)
    assert (bedford.parts, bedford.total) == ((47, 5), 52)
    assert (central.parts, central.total) == ((SUPPRESSED, SUPPRESSED), 25)


def test_what_the_line_hides_is_hidden_in_every_row_that_has_any_of_it() -> None:
    line = protect_parts([90, 3, 12])
    assert line.parts == (90, SUPPRESSED, SUPPRESSED)
    with_some, without = protect_breakdown(line, [[40, 3, 12], [50, 0, 0]])
    assert with_some.parts == (40, SUPPRESSED, SUPPRESSED)
    assert without.parts == (50, 0, 0)


def test_what_no_row_can_hide_is_hidden_with_the_smallest_column_beside_it() -> None:
    rows = [[200, 30, 1], [210, 22, 1], [190, 41, 1], [205, 25, 1], [180, 28, 1]]
    line = protect_parts([sum(column) for column in zip(*rows, strict=True)])
    for row, published in zip(rows, protect_breakdown(line, rows), strict=True):
        assert published.parts == (row[0], SUPPRESSED, SUPPRESSED)
        assert published.total == sum(row)


def test_a_line_that_shows_no_total_is_not_broken_down() -> None:
    line = protect_parts([3, 0])
    assert protect_breakdown(line, [[2, 0], [1, 0]]) == (ProtectedParts((SUPPRESSED, 0), SUPPRESSED),) * 2


def test_rows_of_another_line_are_refused() -> None:
    with pytest.raises(ValueError, match="another number than the 70"):
        protect_breakdown(protect_parts([70, 20]), [[60, 20]])

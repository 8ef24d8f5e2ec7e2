"""What a board may see, attacked with subtraction."""

import random
from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.recovery import (
    Attack,
    Line,
    Name,
    recovered_by_bounds,
    recovered_by_elimination,
    recovered_by_subtraction,
)
from victimcare.domain.small_numbers import SUPPRESSED, Count, Suppressed
from victimcare.domain.suppression import ProtectedTable, protect_parts, protect_table

Rows = list[list[int]]


def random_tables(number: int, *, most: int, seed: int) -> Iterator[Rows]:
    """Teams by crime types, most counts small, many 0."""
    draw = random.Random(seed)
    for _ in range(number):
        columns = draw.randint(2, most)
        mean = draw.choice([2, 6, 15, 40])
        yield [[int(draw.expovariate(1 / mean)) for _ in range(columns)] for _ in range(draw.randint(1, most))]


def published(table: ProtectedTable) -> dict[Name, Count]:
    """Everything that a reader of the table is given."""
    given: dict[Name, Count] = {("all",): table.grand_total}
    for row, counts in enumerate(table.cells):
        given |= {("cell", row, column): count for column, count in enumerate(counts)}
        given |= {("subtotal", row, group): count for group, count in enumerate(table.subtotals[row])}
    given |= {("row", row): count for row, count in enumerate(table.row_totals)}
    given |= {("column", column): count for column, count in enumerate(table.column_totals)}
    return given | {("group", group): count for group, count in enumerate(table.group_totals)}


def sums(rows: Rows, groups: list[list[int]]) -> list[Line]:
    """What a reader knows to add up: the parts and their total."""
    down, across = range(len(rows)), range(len(rows[0]))
    lines: list[Line] = [([("cell", row, column) for column in across], ("row", row)) for row in down]
    lines += [([("cell", row, column) for row in down], ("column", column)) for column in across]
    lines += [([("row", row) for row in down], ("all",)), ([("column", column) for column in across], ("all",))]
    for group, members in enumerate(groups):
        lines += [([("cell", row, column) for column in members], ("subtotal", row, group)) for row in down]
        lines.append(([("subtotal", row, group) for row in down], ("group", group)))
        lines.append(([("column", column) for column in members], ("group", group)))
    return lines


def with_small_counts_hidden_only(rows: Rows) -> dict[Name, Count]:
    everything = published(protect_table(rows, threshold=1))
    return {
        name: SUPPRESSED if isinstance(count, int) and 0 < count < 5 else count for name, count in everything.items()
    }


def true_counts(rows: Rows, groups: list[list[int]]) -> dict[Name, int]:
    shown = published(protect_table(rows, threshold=1, groups=groups))
    return {name: count for name, count in shown.items() if isinstance(count, int)}


def hidden_names(given: Mapping[Name, Count]) -> set[Name]:
    return {name for name, count in given.items() if isinstance(count, Suppressed)}


attacks = pytest.mark.parametrize("attack", [recovered_by_subtraction, recovered_by_elimination, recovered_by_bounds])


@attacks
def test_no_hidden_count_of_2000_tables_is_recovered(attack: Attack) -> None:
    hidden = 0
    for rows in random_tables(2000, most=7, seed=11):
        given = published(protect_table(rows))
        hidden += len(hidden_names(given))
        assert attack(given, sums(rows, [])) == set(), rows
    assert hidden > 10_000


@attacks
def test_the_attack_works_when_only_small_counts_are_hidden(attack: Attack) -> None:
    hidden = recovered = 0
    for rows in random_tables(2000, most=7, seed=11):
        given = with_small_counts_hidden_only(rows)
        hidden += len(hidden_names(given))
        recovered += len(attack(given, sums(rows, [])))
    assert recovered > hidden / 10


@attacks
def test_published_subtotals_recover_nothing_when_the_table_knows_of_them(attack: Attack) -> None:
    groups = [[0, 1, 2], [3, 4]]
    for rows in random_tables(1000, most=7, seed=12):
        if len(rows[0]) >= 5:
            given = published(protect_table(rows, groups=groups))
            assert attack(given, sums(rows, groups)) == set(), rows


def test_a_subtotal_that_the_table_does_not_know_of_gives_a_count_away() -> None:
    met, met_late, overdue, declined = 90, 3, 60, 6
    unaware = protect_table([[met, met_late, overdue, declined]])
    assert unaware.cells == ((90, SUPPRESSED, 60, SUPPRESSED),)  # 153 judged - 90 - 60 = 3
    aware = protect_table([[met, met_late, overdue, declined]], groups=[[0, 1, 2]])
    assert aware.cells == ((90, SUPPRESSED, SUPPRESSED, 6),)
    assert aware.subtotals == ((153,),)


def completions(given: Mapping[Name, Count], lines: list[Line], most: int) -> Iterator[dict[Name, int]]:
    """Every table that would be published like this one, cell by cell, with cells up to `most`."""
    cells = [name for name in given if name[0] == "cell"]
    choices = [range(1, most + 1) if given[cell] is SUPPRESSED else [given[cell]] for cell in cells]
    for values in product(*choices):
        table = {cell: value for cell, value in zip(cells, values, strict=True) if isinstance(value, int)}
        for parts, total in lines:
            table[total] = sum(table[part] for part in parts)
        if all(table[name] == count for name, count in given.items() if count is not SUPPRESSED):
            yield table


def test_every_hidden_small_count_could_just_as_well_be_the_threshold() -> None:
    """By brute force: all tables of 2 by 2 that look the same once published."""
    threshold, draw = 4, random.Random(13)
    for _ in range(100):
        rows = [[draw.randint(0, 7) for _ in range(2)] for _ in range(2)]
        given, lines = published(protect_table(rows, threshold)), sums(rows, [])
        same = list(completions(given, lines, most=10))
        for name in hidden_names(given):
            possible = {table[name] for table in same}
            assert len(possible) > 1, (rows, name)
            if true_counts(rows, [])[name] < threshold:
                assert max(possible) >= threshold, (rows, name)


counts = st.integers(0, 30)
tables = st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(counts, min_size=width, max_size=width)))


@given(tables.filter(bool), st.integers(1, 10))
def test_what_is_shown_is_true_and_never_small(rows: Rows, threshold: int) -> None:
    given = published(protect_table(rows, threshold))
    for name, count in true_counts(rows, []).items():
        assert given[name] in (count, SUPPRESSED)
        if 0 < count < threshold:
            assert given[name] is SUPPRESSED
        if count == 0:
            assert given[name] == 0


@given(tables.filter(bool))
def test_nothing_is_hidden_without_a_small_count(rows: Rows) -> None:
    if not any(0 < count < 5 for count in true_counts(rows, []).values()):
        assert hidden_names(published(protect_table(rows))) == set()


def test_a_small_count_takes_the_cheapest_others_with_it_and_leaves_the_totals() -> None:
    table = protect_table([[3, 20, 10], [8, 9, 0], [15, 30, 40]])
    assert table.cells == (
        (SUPPRESSED, SUPPRESSED, 10),
        (SUPPRESSED, SUPPRESSED, 0),
        (15, 30, 40),
    )
    assert table.row_totals == (33, 17, 85)
    assert table.column_totals == (26, 59, 50)
    assert table.grand_total == 135


def test_two_squares_of_hidden_counts_do_not_give_away_a_fifth_between_them() -> None:
    """Each row and column has two missing, and still: rows 1 and 2 less columns 1 and 2 leave the one between."""
    rows = [[3, 3, 50, 50], [3, 3, 2, 50], [50, 50, 3, 3], [50, 50, 3, 3]]
    given = published(protect_table(rows))
    between = [("cell", 1, 2), ("cell", 0, 2), ("cell", 0, 3), ("cell", 1, 3)]
    between += [("cell", row, column) for row in (2, 3) for column in (0, 1)]
    assert given["cell", 1, 2] is SUPPRESSED
    assert sum(given[name] is SUPPRESSED for name in between) >= 2


def test_the_parts_of_one_right_hide_a_second_part_to_keep_the_first() -> None:
    protected = protect_parts([50, 3, 12, 40])
    assert protected.parts == (50, SUPPRESSED, SUPPRESSED, 40)
    assert protected.total == 105


def test_two_small_parts_do_not_hide_each_other_when_their_sum_is_small() -> None:
    protected = protect_parts([50, 1, 2, 40])
    assert protected.parts == (50, SUPPRESSED, SUPPRESSED, SUPPRESSED)
    assert protected.total == 93


def test_a_total_goes_when_the_parts_alone_cannot_keep_the_count() -> None:
    assert protect_parts([3, 2, 0]).total is SUPPRESSED
    assert protect_parts([0, 4, 0]) == protect_parts([0, 2, 0])


def test_all_zeros_and_no_rows_are_shown() -> None:
    assert protect_parts([0, 0]).parts == (0, 0)
    assert protect_table([]).grand_total == 0


@pytest.mark.parametrize(
    ("rows", "threshold", "groups", "sentence"),
    [
        ([[1, 2], [3]], 5, [], "one length"),
        ([[1, -2]], 5, [], "less than 0"),
        ([[1, 2]], 0, [], "less than 1"),
        ([[1, 2]], 5, [[0, 2]], "columns of the table"),
        ([[1, 2]], 5, [[0], [0, 1]], "none twice"),
    ],
)
def test_a_table_that_is_none_is_refused(rows: Rows, threshold: int, groups: list[list[int]], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        protect_table(rows, threshold, groups=groups)

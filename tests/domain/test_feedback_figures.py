"""What victims answered, as it is shown: it adds up, and nobody is found by what is hidden or left out."""

from collections.abc import Mapping, Sequence
from itertools import product
from random import Random

import pytest

from victimcare.domain.feedback_figures import ANSWERS, OTHERS, Heard, HeardLine, HeardTable, publish_heard
from victimcare.domain.small_numbers import SUPPRESSED, Count, Suppressed

QUESTIONS = ("informed", "respect")
THRESHOLD = 5


def heard(asked: int, informed: Sequence[int], respect: Sequence[int] | None = None) -> Heard:
    return Heard(asked, sum(informed), {"informed": tuple(informed), "respect": tuple(respect or informed)})


def published(groups: Mapping[str, Heard]) -> HeardTable:
    return publish_heard(groups, questions=QUESTIONS, threshold=THRESHOLD)


def lines(table: HeardTable) -> list[HeardLine]:
    return [*table.groups, table.all]


def test_everything_is_shown_where_nothing_is_small() -> None:
    groups = {"North": heard(90, (20, 10, 8, 6)), "South": heard(80, (9, 9, 9, 9))}
    table = published(groups)
    assert [(line.group, line.asked, line.answered) for line in table.groups] == [("North", 90, 44), ("South", 80, 36)]
    assert table.all.said["informed"].parts == (29, 19, 17, 15)
    assert table.all.said_yes("informed") == (29, 80), "of all who answered"


def test_a_group_of_which_few_answered_is_counted_with_others() -> None:
    groups = {"North": heard(90, (20, 10, 8, 6)), "South": heard(80, (9, 9, 9, 9)), "West": heard(30, (2, 0, 0, 0))}
    table = published(groups)
    assert [(line.group, line.answered) for line in table.groups] == [("North", 44), (OTHERS, 38)]
    alone = published({"North": heard(90, (20, 10, 8, 6)), "West": heard(30, (2, 0, 0, 0))})
    assert alone.groups == (), "the other one would be told by subtraction"


def test_where_few_did_not_answer_it_is_not_said_how_many_were_asked() -> None:
    table = published({"North": heard(46, (20, 10, 8, 6)), "South": heard(80, (9, 9, 9, 9))})
    assert {line.asked for line in lines(table)} == {SUPPRESSED}
    assert table.all.answered == 80


def test_of_a_few_who_answered_nothing_is_told() -> None:
    table = published({"North": heard(9, (3, 0, 0, 0)), "South": heard(8, (0, 0, 0, 0))})
    assert (table.all.asked, table.all.answered, table.groups) == (17, SUPPRESSED, ())
    assert set(table.all.said["respect"].parts) == {SUPPRESSED}


def test_nobody_was_asked() -> None:
    table = published({})
    assert (table.all.asked, table.all.answered, table.groups) == (0, 0, ())


def test_whoever_answers_answers_every_question() -> None:
    with pytest.raises(ValueError, match="answers every question"):
        Heard(9, 4, {"informed": (4, 0, 0, 0), "respect": (3, 0, 0, 0)})


def random_groups(chance: Random) -> dict[str, Heard]:
    groups = {}
    for name in range(chance.randint(1, 5)):
        answered = chance.choice((0, 1, 3, 5, 7, 12, 30))
        of_questions = [chance.choices(range(len(ANSWERS)), (9, 4, 2, 1), k=answered) for _ in QUESTIONS]
        informed, respect = ([said.count(place) for place in range(len(ANSWERS))] for said in of_questions)
        groups[f"Area {name}"] = heard(answered + chance.choice((0, 1, 6, 40)), informed, respect)
    return groups


def test_what_is_shown_adds_up_and_is_never_small() -> None:
    chance = Random(6)
    for _ in range(2_000):
        groups = random_groups(chance)
        table = published(groups)
        for line in lines(table):
            numbers = [line.asked, line.answered, *(part for parts in line.said.values() for part in parts.parts)]
            assert not any(isinstance(count, int) and 0 < count < THRESHOLD for count in numbers), groups
            if isinstance(line.asked, int) and isinstance(line.answered, int):
                assert not 0 < line.asked - line.answered < THRESHOLD, groups
        if table.groups:
            assert sum(shown(line.answered) for line in table.groups) == table.all.answered == total(groups)


def shown(count: Count) -> int:
    assert not isinstance(count, Suppressed)
    return count


def total(groups: Mapping[str, Heard]) -> int:
    return sum(each.answered for each in groups.values())


def test_what_is_hidden_could_be_otherwise_with_all_that_is_shown() -> None:
    """By brute force, of small tables: every small count that was hidden takes a value that is not small, too."""
    chance = Random(7)
    attacked = 0
    for _ in range(400):
        sizes = [chance.randint(5, 9) for _ in range(2)]
        rows = []
        for size in sizes:
            said = chance.choices(range(len(ANSWERS)), (9, 4, 2, 0), k=size)
            rows.append([said.count(place) for place in range(len(ANSWERS))])
        groups = {f"Area {place}": heard(sum(row) + 20, row) for place, row in enumerate(rows)}
        table = published(groups)
        if len(table.groups) < 2:
            continue
        attacked += 1
        hold = list(
            worlds([line.said["informed"].parts for line in table.groups], sizes, table.all.said["informed"].parts)
        )
        assert rows in hold
        for place, row in enumerate(rows):
            for answer, count in enumerate(row):
                if 0 < count < THRESHOLD:
                    possible = {world[place][answer] for world in hold}
                    assert max(possible) >= THRESHOLD, (rows, place, answer, possible)
    assert attacked > 200


def worlds(parts: Sequence[Sequence[Count]], sizes: Sequence[int], columns: Sequence[Count]) -> list[list[list[int]]]:
    """Every table that shows the same: its rows add up to how many answered, its columns to what is shown of all."""
    rows = [
        [list(row) for row in product(*(cells(part, size) for part in shown_parts)) if sum(row) == size]
        for shown_parts, size in zip(parts, sizes, strict=True)
    ]
    return [
        list(world)
        for world in product(*rows)
        if all(
            isinstance(column, Suppressed) or column == sum(row[place] for row in world)
            for place, column in enumerate(columns)
        )
    ]


def cells(part: Count, most: int) -> Sequence[int]:
    return range(most + 1) if isinstance(part, Suppressed) else (part,)

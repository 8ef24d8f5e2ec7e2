"""Whether a figure moved: by the interval of the difference, and never by the look of it."""

from datetime import date

import pytest

from victimcare.domain.board_actions import Measure, Moved, Step, Way, first_quarter_after, moved
from victimcare.domain.quarter import Quarter


@pytest.mark.parametrize(
    ("before", "after", "way", "says"),
    [
        ((60, 100), (85, 100), Way.UP, Moved.AS_WISHED),
        ((60, 100), (85, 100), Way.DOWN, Moved.OTHER_WAY),
        ((85, 100), (60, 100), Way.DOWN, Moved.AS_WISHED),
        ((85, 100), (60, 100), Way.UP, Moved.OTHER_WAY),
        ((60, 100), (66, 100), Way.UP, Moved.BY_CHANCE),
        ((600, 1000), (660, 1000), Way.UP, Moved.AS_WISHED),
        ((60, 100), (60, 100), Way.UP, Moved.BY_CHANCE),
        (None, (60, 100), Way.UP, Moved.HIDDEN),
        ((60, 100), None, Way.UP, Moved.HIDDEN),
    ],
)
def test_a_figure_moved_where_chance_alone_does_not_explain_it(
    before: tuple[int, int] | None, after: tuple[int, int] | None, way: Way, says: Moved
) -> None:
    assert moved(before, after, way) is says


@pytest.mark.parametrize(
    ("decided_on", "quarter"),
    [
        (date(2026, 5, 22), Quarter(2026, 3)),
        (date(2026, 7, 1), Quarter(2026, 4)),
        (date(2026, 12, 31), Quarter(2027, 1)),
    ],
)
def test_what_began_before_the_decision_cannot_show_it(decided_on: date, quarter: Quarter) -> None:
    assert first_quarter_after(decided_on) == quarter


@pytest.mark.parametrize("measure", [Measure("police"), Measure("police", 6), Measure("referred")])
def test_a_measure_is_read_as_it_was_written(measure: Measure) -> None:
    assert Measure.read(measure.code) == measure


def test_nothing_comes_after_the_end() -> None:
    assert [step for step in Step if step.ends_it] == [Step.DONE, Step.DROPPED]

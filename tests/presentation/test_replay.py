"""A replay beside what was published: what stands for what is not shown, and what is said of each officer."""

from __future__ import annotations

import pytest

from tests.domain.test_published_figures import DUTY, first, late, tally
from tests.queries.worlds import LAW
from victimcare.domain.counted import silent_case, stage_reached
from victimcare.domain.published_figures import Publication
from victimcare.domain.quarter import Quarter
from victimcare.domain.replay_choices import Told
from victimcare.presentation.figure_names import Names
from victimcare.presentation.replay import compared, workload

NAMES = Names(LAW.code, {})
NOTHING = Publication(Quarter(2026, 2), 0, 5, (), ())
PUBLISHED = first(tally((DUTY, 60), (late(DUTY), 20)))


def test_what_a_replay_does_not_show_is_hidden_and_what_its_law_does_not_know_is_marked() -> None:
    lines = list(compared(PUBLISHED, NOTHING, NAMES, NAMES))
    assert {line.replayed["counted"] for line in lines} == {"[c]"}
    assert {line.published["counted"] for line in lines} == {"80"}
    unknown = first(tally((DUTY._replace(rule="R6-NEW"), 60)))
    (line,) = (one for one in compared(unknown, PUBLISHED, NAMES, NAMES) if one.line == "R6-NEW")
    assert line.replayed["counted"] == "[z]"


def test_stages_stand_in_their_order_and_have_no_days_together() -> None:
    reached = tally(*((stage_reached(stage, 7), 10) for stage in ("court", "investigation", "decision")))
    lines = list(compared(first(reached), NOTHING, NAMES, NAMES, told=Told.STAGES))
    assert [line.line for line in lines] == ["All lines together", "Investigation", "Decision", "Court"]
    assert [line.published["median"] for line in lines] == ["[z]", "7", "7", "7"]
    assert {line.replayed["cases"] for line in lines} == {"[c]"}


def test_a_line_that_a_table_lacks_in_one_of_the_two_is_nought_there() -> None:
    before, after = (first(tally(*((silent_case(days), 20) for days in told))) for told in ((9, 40), (9,)))
    lines = {line.line: line for line in compared(before, after, NAMES, NAMES, told=Told.SILENCE)}
    assert lines["Up to 8 weeks"].replayed == {"cases": "0"}


@pytest.mark.parametrize(
    ("replayed", "officers", "words"),
    [
        (PUBLISHED, 4, "Too few officers to say what it asks of each."),
        (first(tally((DUTY, 40))), 8, "10 as published, 5 as reckoned."),
        (NOTHING, 8, "10 as published, [c] as reckoned."),
        (first(tally((DUTY, 3))), 8, "10 as published, [c] as reckoned."),
    ],
)
def test_what_a_quarter_asks_of_an_officer_is_made_of_what_is_shown(
    replayed: Publication, officers: int, words: str
) -> None:
    assert workload(PUBLISHED, replayed, officers=officers).endswith(words)

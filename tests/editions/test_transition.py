"""What an edition does with open duties is read from its file, and nothing of it is taken for granted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import victimcare.editions
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.transition import Fate, Transition
from victimcare.editions.loader import BadEdition, read_edition

TEXT = Path(victimcare.editions.__file__).with_name("example-draft.toml").read_text("utf-8").split("[transition]")[0]
SAYS = """
[transition]
open_duties = "stays"
no_longer_starts = ["crime_reported"]

[[transition.rule]]
id = "R6-ARR"
open_duties = "moves_from_commencement"

[[transition.begins]]
rule = "R11-VLO"
started_since = 2026-12-01
"""


def test_a_transition_is_read() -> None:
    assert read_edition(TEXT + SAYS).transition == Transition(
        Fate.STAYS,
        {"R6-ARR": Fate.MOVES_FROM_COMMENCEMENT},
        {"R11-VLO": date(2026, 12, 1)},
        frozenset({EventKind.CRIME_REPORTED}),
    )
    assert read_edition(TEXT).transition is None


@pytest.mark.parametrize(
    ("change", "to", "says"),
    [
        ('open_duties = "stays"', "", "transition.open_duties: it is missing"),
        (
            'open_duties = "stays"',
            'open_duties = "move"',
            "transition.open_duties: there is no fate of open duties 'mo",
        ),
        ('"crime_reported"', '"crime_reportd"', "transition.no_longer_starts: there is no event kind"),
        ('id = "R6-ARR"\n', "", "transition.rule[1].id: it is missing"),
        ("started_since = 2026-12-01", "", "transition.begins[1].started_since: it is missing"),
        ("started_since", "from_day = 1\nstarted_since", "transition.begins[1].from_day: an edition has no such field"),
    ],
)
def test_a_transition_that_does_not_say_all_is_refused(change: str, to: str, says: str) -> None:
    with pytest.raises(BadEdition) as refused:
        read_edition(TEXT + SAYS.replace(change, to, 1))
    assert says in str(refused.value)

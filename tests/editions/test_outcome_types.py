"""Outcome types of the Home Office: every number once, none invented, none shown as verified that is not."""

import pytest

from victimcare.domain.code import Evidence
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.editions.outcome_types import outcome_types, outcome_types_of

# Copied out by hand: the number, and a word that its title must have.
TITLES = """
1 charged  2 youth  3 adult  4 consideration  5 died  6 penalty  7 cannabis  8 community  9 CPS  10 police  11 age
12 ill  13 witness  14 not identified  15 supports  16 does not  17 time  18 complete  19 fraud  20 body  21 further
22 diversionary
"""
WITH_A_TYPE = {kind for kind, facts in EVENT_KINDS.items() if any(d.name == "outcome_type" for d in facts.details)}


def test_every_number_from_1_to_22_is_there_once_with_its_own_title() -> None:
    words = TITLES.split()
    starts = [place for place, word in enumerate(words) if word.isdigit()]
    wanted = {words[at]: " ".join(words[at + 1 : to]) for at, to in zip(starts, [*starts[1:], None], strict=True)}
    assert list(outcome_types()) == [str(number) for number in range(1, 23)] == list(wanted)
    for code, word in wanted.items():
        assert word.lower() in outcome_types()[code].title.lower()
    assert len({known.title for known in outcome_types().values()}) == 22


def test_none_is_shown_as_verified() -> None:
    assert {known.evidence for known in outcome_types().values()} == {Evidence.SECONDARY}
    assert all(known.words.endswith("(not verified)") for known in outcome_types().values())


def test_a_type_is_offered_with_kinds_that_ask_for_one_and_each_of_those_has_some() -> None:
    offered = set().union(*(known.kinds for known in outcome_types().values()))
    assert offered == WITH_A_TYPE


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        (EventKind.SUSPECT_CHARGED, ["1"]),
        (EventKind.OUT_OF_COURT_DISPOSAL, ["2", "3", "6", "7", "8", "22"]),
        (EventKind.CPS_DECIDED_NO_CHARGE, ["9", "15", "16"]),
        (EventKind.POLICE_DECIDED_NO_PROSECUTION, ["5", "10", "11", "12", "13", "15", "16", "17", "21"]),
        (EventKind.INVESTIGATION_CLOSED_NO_SUSPECT, ["14", "18"]),
    ],
)
def test_each_kind_offers_its_own(kind: EventKind, codes: list[str]) -> None:
    assert [code for code, _ in outcome_types_of(kind)] == codes

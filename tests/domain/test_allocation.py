"""Who takes a new case: the same answer for the same facts, and the reason in words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.allocation import Candidate, NewCase, NobodyOnDuty, Specialism, TeamOnDuty, allocate

ASH = Candidate("ash", "luton", "Luton", frozenset(), present=True, open_work=10, capacity=100)
BIRCH = replace(ASH, officer_id="birch", open_work=20)
CEDAR = replace(ASH, officer_id="cedar", team_id="bedford", area="Bedford Borough", open_work=0)
LUTON = TeamOnDuty("luton", "Luton", "elm")
BEDFORD = TeamOnDuty("bedford", "Bedford Borough", "fir")
BURGLARY = NewCase("Luton", frozenset())


def test_the_victims_own_officer_takes_it_even_when_full_and_from_elsewhere() -> None:
    full = replace(CEDAR, open_work=500)
    taken = allocate(replace(BURGLARY, officer_of_open_case="cedar"), [ASH, full], [LUTON])
    assert (taken.officer_id, taken.team_id, taken.held) == ("cedar", "bedford", False)
    assert taken.why == "already the victim's case officer"


def test_unless_that_officer_is_away() -> None:
    away = replace(CEDAR, present=False)
    assert allocate(replace(BURGLARY, officer_of_open_case="cedar"), [ASH, away], [LUTON]).officer_id == "ash"


def test_who_has_the_least_of_their_capacity_in_use_takes_it() -> None:
    part_time = replace(ASH, officer_id="alder", open_work=8, capacity=40)
    taken = allocate(BURGLARY, [BIRCH, part_time, ASH], [LUTON])
    assert taken.officer_id == "ash"
    assert taken.why == "present in Luton, with the least open work (10% of capacity)"


def test_with_equal_work_the_first_by_id_takes_it() -> None:
    assert allocate(BURGLARY, [replace(BIRCH, open_work=10), ASH], [LUTON]).officer_id == "ash"


@pytest.mark.parametrize(
    "unfit",
    [
        replace(ASH, present=False),
        replace(ASH, area="Bedford Borough"),
        replace(ASH, open_work=100),
        replace(ASH, open_work=101),
    ],
    ids=["away", "elsewhere", "full", "more than full"],
)
def test_nobody_gets_it_who_is_away_elsewhere_or_full(unfit: Candidate) -> None:
    assert allocate(BURGLARY, [unfit, BIRCH], [LUTON]).officer_id == "birch"
    held = allocate(BURGLARY, [unfit], [BEDFORD, LUTON])
    assert (held.officer_id, held.team_id, held.held) == ("elm", "luton", True)
    assert "held by the duty supervisor" in held.why


def test_an_officer_with_room_for_less_than_one_more_duty_still_takes_it() -> None:
    assert allocate(BURGLARY, [replace(ASH, open_work=99.5)], [LUTON]).officer_id == "ash"


def test_who_holds_a_case_of_the_crime_takes_that_of_its_next_victim_whoever_has_less_work() -> None:
    taken = allocate(replace(BURGLARY, officers_of_crime=frozenset({"birch"})), [ASH, BIRCH], [LUTON])
    assert (taken.officer_id, taken.why) == ("birch", "already case officer in this crime, and present in Luton")


@pytest.mark.parametrize(
    "unfit",
    [replace(BIRCH, present=False), replace(BIRCH, area="Bedford Borough"), replace(BIRCH, open_work=100)],
    ids=["away", "elsewhere", "full"],
)
def test_unless_a_rule_of_its_own_speaks_against_it(unfit: Candidate) -> None:
    assert (
        allocate(replace(BURGLARY, officers_of_crime=frozenset({"birch"})), [ASH, unfit], [LUTON]).officer_id == "ash"
    )


def test_a_child_beside_an_adult_has_an_officer_trained_for_children() -> None:
    child = frozenset({Specialism.CHILD})
    trained = replace(BIRCH, specialisms=child)
    adult = replace(BURGLARY, needs_of_all=child)
    assert allocate(adult, [ASH, trained], [LUTON]).officer_id == "birch", "one officer for both"
    assert allocate(adult, [ASH], [LUTON]).officer_id == "ash", "nobody is trained for both"
    beside = replace(BURGLARY, needs=child, officers_of_crime=frozenset({"ash"}))
    assert allocate(beside, [ASH, trained], [LUTON]).officer_id == "birch"


def test_why_says_nothing_of_what_another_victim_needs() -> None:
    trained = replace(BIRCH, specialisms=frozenset({Specialism.CHILD}))
    taken = allocate(replace(BURGLARY, needs_of_all=frozenset({Specialism.CHILD})), [trained], [LUTON])
    assert "child" not in taken.why


def test_only_who_is_trained_for_all_that_it_needs() -> None:
    both = frozenset({Specialism.CHILD, Specialism.SEXUAL_VIOLENCE})
    one = replace(ASH, specialisms=frozenset({Specialism.CHILD}))
    trained = replace(BIRCH, specialisms=both | {Specialism.DOMESTIC_ABUSE})
    taken = allocate(replace(BURGLARY, needs=both), [one, trained], [LUTON])
    assert taken.officer_id == "birch"
    assert taken.why.startswith("trained for child victims and sexual violence, present in Luton")
    assert allocate(replace(BURGLARY, needs=both), [one], [LUTON]).held


def test_without_a_team_in_the_area_the_first_team_holds_it() -> None:
    other = TeamOnDuty("ampthill", "Ampthill", "gale")
    assert allocate(BURGLARY, [], [BEDFORD, other]).officer_id == "gale"


def test_without_any_supervisor_on_duty_it_is_refused_and_says_what_to_do() -> None:
    with pytest.raises(NobodyOnDuty, match="no team has a duty supervisor to hold a case in Luton: give one"):
        allocate(BURGLARY, [], [])


candidates = st.lists(
    st.builds(
        Candidate,
        officer_id=st.integers(0, 99).map("officer-{:02}".format),
        team_id=st.sampled_from(["luton", "bedford"]),
        area=st.sampled_from(["Luton", "Bedford Borough"]),
        specialisms=st.frozensets(st.sampled_from(Specialism)),
        present=st.booleans(),
        open_work=st.integers(0, 120).map(float),
        capacity=st.integers(1, 100).map(float),
    ),
    max_size=8,
    unique_by=lambda candidate: candidate.officer_id,
)


@given(found=candidates, needs=st.frozensets(st.sampled_from(Specialism)), data=st.data())
def test_the_order_in_which_people_are_listed_does_not_matter(
    found: list[Candidate], needs: frozenset[Specialism], data: st.DataObject
) -> None:
    case = NewCase("Luton", needs)
    taken = allocate(case, found, [LUTON, BEDFORD])
    assert taken == allocate(case, data.draw(st.permutations(found)), [BEDFORD, LUTON])
    chosen = {candidate.officer_id: candidate for candidate in found}.get(taken.officer_id)
    assert taken.held is (chosen is None)
    assert chosen is None or (chosen.present and needs <= chosen.specialisms and chosen.workload < 1)

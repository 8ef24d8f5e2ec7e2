"""Handing over: what is refused, and how a caseload is shared, against trying the rule case by case."""

from collections.abc import Mapping
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.allocation import Allocation, Candidate, NewCase, Specialism, allocate, needs_said
from victimcare.domain.hand_over import CHANGED_HANDS, HOLDS_IT, MAY_NOT, CaseToShare, Taker, refusal, share_out
from victimcare.domain.people import NO_LISTS, CaseLists
from victimcare.domain.workload import share

PEOPLE = ("ash", "birch", "cedar", "elm")
NEEDS = st.frozensets(st.sampled_from(list(Specialism)), max_size=2)
LISTS = st.builds(
    CaseLists,
    st.frozensets(st.sampled_from(PEOPLE), max_size=2),
    st.none() | st.frozensets(st.sampled_from(PEOPLE), max_size=3),
)
CASES = st.lists(
    st.builds(
        CaseToShare,
        st.uuids().map(str),
        st.sampled_from(PEOPLE),
        st.integers(0, 900),
        st.integers(0, 1000),
        NEEDS,
        st.just(NO_LISTS) | LISTS,
    ),
    max_size=12,
    unique_by=lambda case: case.ref,
)
TAKERS = st.lists(
    st.builds(Taker, st.sampled_from(PEOPLE), st.integers(0, 9000), st.integers(20, 150), NEEDS),
    max_size=4,
    unique_by=lambda taker: taker.officer_id,
)


@given(CASES, TAKERS, st.randoms())
def test_in_whatever_order_they_come_they_are_shared_alike(
    cases: list[CaseToShare], takers: list[Taker], chance: Random
) -> None:
    first = share_out(cases, takers)
    chance.shuffle(cases)
    chance.shuffle(takers)
    assert share_out(cases, takers) == first
    assert first.keys() == {case.ref for case in cases}


@given(CASES, TAKERS)
def test_each_goes_to_whom_it_would_burden_least_of_those_who_may_have_it(
    cases: list[CaseToShare], takers: list[Taker]
) -> None:
    shared = share_out(cases, takers)
    points = {taker.officer_id: taker.points for taker in takers}
    for case in sorted(cases, key=lambda case: (-case.points, case.ref)):
        may = [one for one in takers if one.officer_id != case.holder_id and not case.lists.bars(one.officer_id)]
        chosen = next((one for one in may if one.officer_id == shared[case.ref]), None)
        assert (chosen is None) == (not may)
        if chosen is None:
            continue
        trained = [one for one in may if case.needs <= one.specialisms]
        assert chosen in (trained or may)
        for other in trained or may:
            burden = share(points[other.officer_id] + case.points, other.capacity)
            assert share(points[chosen.officer_id] + case.points, chosen.capacity) <= burden
        points[chosen.officer_id] += case.points
        if case.holder_id in points:
            points[case.holder_id] -= case.points_now


def test_ten_like_cases_are_spread_over_those_who_have_room() -> None:
    cases = [CaseToShare(f"C{n}", "away", 400, 500) for n in range(10)]
    takers = [Taker("ash", 2000, 100), Taker("birch", 0, 100), Taker("cedar", 0, 50)]
    assert counts(share_out(cases, takers)) == {"ash": 2, "birch": 6, "cedar": 2}


def counts(shared: Mapping[str, str | None]) -> dict[str, int]:
    return {who: list(shared.values()).count(who) for who in sorted({one for one in shared.values() if one})}


def test_why_a_case_cannot_go_to_somebody() -> None:
    barred = CaseLists(excluded=frozenset({"birch"}))
    how = {"holder_id": "ash", "taker_id": "birch", "lists": NO_LISTS, "seen_holder_id": "ash"}
    assert refusal(**how) is None  # type: ignore[arg-type]
    assert refusal(**{**how, "seen_holder_id": None}) is None  # type: ignore[arg-type]
    assert refusal(**{**how, "taker_id": "ash"}) == HOLDS_IT  # type: ignore[arg-type]
    assert refusal(**{**how, "lists": barred}) == MAY_NOT  # type: ignore[arg-type]
    assert refusal(**{**how, "lists": None}) == MAY_NOT  # type: ignore[arg-type]
    assert refusal(**{**how, "seen_holder_id": "cedar"}) == CHANGED_HANDS  # type: ignore[arg-type]


@given(NEEDS)
def test_what_a_case_needed_is_read_again_from_why_it_was_given(needs: frozenset[Specialism]) -> None:
    everything = frozenset(Specialism)
    candidate = Candidate("ash", "luton", "Luton", everything, present=True, open_work=0, capacity=100)
    given_to: Allocation = allocate(NewCase("Luton", needs), [candidate], [])
    assert needs_said(given_to.why) == needs


def test_of_a_case_that_nobody_could_take_nothing_is_known() -> None:
    assert needs_said("nobody present in Luton with the training and room for it") == frozenset()
    assert needs_said("already the victim's case officer") == frozenset()

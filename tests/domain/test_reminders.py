"""Who hears of a duty: the one it is for, or who stands in, and never somebody who is kept from the case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.ladder import Told
from victimcare.domain.people import CaseLists
from victimcare.domain.reminders import Chain, Holder, Recipient, recipient, recipients

OFFICER, SUPERVISOR, NEXT = Told
HERE, AWAY, COVERED = Holder("ash", True), Holder("ash", False), Holder("ash", False, "birch")
FULL = Chain("elm", ("elm", "gorse"), "fir", ("fir", "hazel"))
ELM_AWAY = Chain("elm", ("gorse",), "fir", ("fir",))
NOBODY = Chain("elm", (), "fir", ())


@pytest.mark.parametrize(
    ("told", "holder", "chain", "who", "in_place", "away"),
    [
        (OFFICER, HERE, FULL, "ash", False, False),
        (OFFICER, COVERED, FULL, "birch", True, True),
        (OFFICER, AWAY, FULL, "elm", True, True),
        (OFFICER, AWAY, ELM_AWAY, "gorse", True, True),
        (OFFICER, AWAY, Chain("elm", (), "fir", ("hazel",)), "hazel", True, True),
        (OFFICER, AWAY, NOBODY, None, True, True),
        (SUPERVISOR, HERE, FULL, "elm", False, False),
        (SUPERVISOR, HERE, ELM_AWAY, "gorse", True, True),
        (SUPERVISOR, HERE, Chain(None, ("gorse",)), "gorse", True, False),
        (SUPERVISOR, HERE, NOBODY, None, True, True),
        (NEXT, HERE, FULL, "fir", False, False),
        (NEXT, HERE, Chain("elm", ("elm",)), None, True, False),
    ],
)
def test_somebody_stands_in_for_who_is_away_and_the_notice_can_say_so(
    told: Told, holder: Holder, chain: Chain, who: str | None, in_place: bool, away: bool
) -> None:
    assert recipient(told, holder=holder, chain=chain) == Recipient(who, told, in_place, away)


@pytest.mark.parametrize(
    ("barred", "told", "who"),
    [
        ({"ash"}, OFFICER, "elm"),
        ({"birch"}, OFFICER, "ash"),
        ({"elm"}, SUPERVISOR, "gorse"),
        ({"elm", "gorse"}, SUPERVISOR, "fir"),
        ({"elm", "gorse", "fir", "hazel"}, SUPERVISOR, None),
        ({"fir"}, NEXT, "hazel"),
    ],
)
def test_who_is_kept_from_the_case_hears_nothing_and_is_not_called_away(
    barred: set[str], told: Told, who: str | None
) -> None:
    chosen = recipient(told, holder=HERE, chain=FULL, lists=CaseLists(frozenset(barred)))
    assert (chosen.person_id, chosen.away) == (who, False)


def test_each_hears_once_as_what_is_nearest_to_the_victim() -> None:
    held_by_elm = Holder("elm", True)
    assert recipients(Told, holder=held_by_elm, chain=FULL) == (Recipient("elm", OFFICER), Recipient("fir", NEXT))
    assert recipients(Told, holder=AWAY, chain=NOBODY) == (Recipient(None, OFFICER, True, True),)


def test_where_nobody_is_named_above_the_team_the_others_hear_it_alone() -> None:
    nobody_above = Chain("elm", ("elm",))
    assert recipients((SUPERVISOR, NEXT), holder=HERE, chain=nobody_above) == (Recipient("elm", SUPERVISOR),)
    assert recipients((NEXT,), holder=HERE, chain=nobody_above) == (Recipient(None, NEXT, in_place=True),)


PEOPLE = st.sampled_from(["ash", "birch", "elm", "gorse", "fir", "hazel"])


@given(
    st.builds(Holder, PEOPLE, st.booleans(), st.none() | PEOPLE),
    st.builds(Chain, st.none() | PEOPLE, st.lists(PEOPLE).map(tuple), st.none() | PEOPLE, st.lists(PEOPLE).map(tuple)),
    st.builds(CaseLists, st.frozensets(PEOPLE), st.none() | st.frozensets(PEOPLE)),
)
def test_somebody_always_hears_and_never_one_whom_a_list_keeps_out(
    holder: Holder, chain: Chain, lists: CaseLists
) -> None:
    told = recipients(Told, holder=holder, chain=chain, lists=lists)
    people = [one.person_id for one in told]
    assert people
    assert len(people) == len(set(people))
    assert not [one for one in people if one is not None and lists.bars(one)]

"""Who claims say that somebody is: one role and one team, or nobody."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.claims import ClaimsMapping, ClaimsRefused, arrival
from victimcare.domain.people import Role

MAPPING = ClaimsMapping({"o": Role.OFFICER, "s": Role.SUPERVISOR, "b": Role.BOARD}, {"n": "north", "m": "south"})
WREN = {"iss": "https://id.example", "sub": "1", "name": "Wren Sample", "preferred_username": "W.Sample"}


def test_role_and_team_come_out_of_the_mapping() -> None:
    who = arrival({**WREN, "groups": ["x", "o", "n"]}, MAPPING)
    assert (who.role, who.team_id, who.username, who.email) == (Role.OFFICER, "north", "w.sample", None)


def test_a_role_without_a_team_gets_none_whatever_the_groups_say() -> None:
    assert arrival({**WREN, "groups": ["b", "n", "m"]}, MAPPING).team_id is None


def test_role_and_team_may_come_from_claims_of_their_own() -> None:
    mapping = ClaimsMapping({"o": Role.OFFICER}, {"o": "north"}, role_claim="job", team_claim="unit")
    assert arrival({**WREN, "job": "o", "unit": ["o"]}, mapping).team_id == "north"


@given(st.lists(st.sampled_from(["o", "s", "b", "n", "m", "x", "O", " o", ""])), st.booleans())
def test_exactly_one_role_and_its_team_let_somebody_in_and_nothing_else(groups: list[str], alone: bool) -> None:
    said: Any = groups[0] if alone and groups else groups
    held = {said} if isinstance(said, str) else set(groups)
    roles, teams = held & set(MAPPING.roles), held & set(MAPPING.teams)
    plain = len(roles) == 1 and (roles == {"b"} or len(teams) == 1)
    try:
        who = arrival({**WREN, "groups": said}, MAPPING)
    except ClaimsRefused:
        assert not plain
    else:
        assert plain
        assert {who.role} == {MAPPING.roles[each] for each in roles}


@pytest.mark.parametrize("said", [None, 7, True, {"o": "n"}, [["o"]], [None, 1], "o,n"])
def test_what_is_no_list_of_words_says_nothing(said: Any) -> None:
    with pytest.raises(ClaimsRefused, match="no role"):
        arrival({**WREN, "groups": said}, MAPPING)


@pytest.mark.parametrize("name", ["", "  ", None, 7, "Wren\nSample", "\u202eWren"])
def test_a_name_that_cannot_be_shown_is_none(name: Any) -> None:
    with pytest.raises(ClaimsRefused, match="name"):
        arrival({**WREN, "name": name, "groups": ["b"]}, MAPPING)

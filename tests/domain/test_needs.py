"""Which tier an assessment finds, on what grounds, and until when; and who is told of a case."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.needs import Found, criteria_of_age, tier_found
from victimcare.domain.who_counts import ToldAs, to_be_told
from victimcare.editions.loader import published_code

EDITION = published_code().latest
TODAY = date(2026, 5, 22)
CHILD, ADULT = date(2011, 3, 4), date(1985, 3, 4)
CRITERIA = [criterion.id for ground in EDITION.grounds for criterion in ground.criteria]


def found_of(criteria: Iterable[str], **more: Any) -> Found:
    return tier_found(EDITION.grounds, criteria, default_tier=EDITION.default_tier, **more)


@pytest.mark.parametrize(
    ("criteria", "born_on", "found"),
    [
        ([], ADULT, ("standard", None, None)),
        (["under_18"], CHILD, ("enhanced", "under_18", date(2029, 3, 4))),
        (["under_18"], None, ("enhanced", "under_18", None)),
        (["under_18"], ADULT, ("standard", None, None)),
        (["under_18", "sexual_offence"], CHILD, ("enhanced", "serious_crime", None)),
        (["fear_or_distress", "harassed_or_stalked"], ADULT, ("enhanced", "persistently_targeted", None)),
        (["granted"], None, ("enhanced", "granted", None)),
        (["no such criterion"], ADULT, ("standard", None, None)),
    ],
)
def test_the_tier_follows_from_the_criteria(
    criteria: list[str], born_on: date | None, found: tuple[str, str | None, date | None]
) -> None:
    seen = found_of(criteria, born_on=born_on, on=TODAY)
    assert (seen.tier, seen.ground and seen.ground.id, seen.until_on) == found


@given(st.sets(st.sampled_from(CRITERIA)), st.sets(st.sampled_from(CRITERIA)), st.sampled_from([CHILD, ADULT, None]))
def test_more_criteria_never_take_rights_away(some: set[str], more: set[str], born_on: date | None) -> None:
    before = found_of(some, born_on=born_on, on=TODAY)
    after = found_of(some | more, born_on=born_on, on=TODAY)
    if before.tier == "enhanced":
        assert after.tier == "enhanced"
        assert after.until_on is None or after.until_on == before.until_on


def test_on_the_eighteenth_birthday_childhood_is_no_ground_any_more() -> None:
    assert found_of(["under_18"], born_on=CHILD, on=date(2029, 3, 3)).tier == "enhanced"
    assert found_of(["under_18"], born_on=CHILD, on=date(2029, 3, 4)).tier == "standard"
    assert criteria_of_age(EDITION.grounds) == {"under_18"}


@pytest.mark.parametrize(
    ("basis", "under_18", "told"),
    [
        ("direct", False, (ToldAs.VICTIM,)),
        ("direct", True, (ToldAs.VICTIM, ToldAs.GUARDIAN)),
        ("domestic_abuse_child", True, (ToldAs.VICTIM, ToldAs.GUARDIAN)),
        ("guardian", False, (ToldAs.GUARDIAN,)),
        ("spokesperson", True, (ToldAs.SPOKESPERSON,)),
        ("business", False, (ToldAs.NAMED_CONTACT,)),
        ("of another edition", False, (ToldAs.VICTIM,)),
    ],
)
def test_who_is_told_follows_from_the_basis(basis: str, under_18: bool, told: tuple[ToldAs, ...]) -> None:
    assert to_be_told(EDITION.basis(basis), under_18=under_18) == told


def test_what_a_basis_suggests_is_a_criterion_and_only_a_business_is_no_person() -> None:
    assert {basis.suggests for basis in EDITION.victim_bases} - {None} <= set(CRITERIA)
    assert [basis.id for basis in EDITION.victim_bases if not basis.is_person] == ["business"]

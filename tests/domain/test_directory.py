"""Which service fits, why and why not; the same question has the same answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.directory import Capacity, Service, Wanted, age_on, matches, unmet_needs
from victimcare.domain.support_needs import SUPPORT_NEEDS

NONE: frozenset[str] = frozenset()
GENERAL = Service(
    "general",
    "Example General",
    areas=NONE,
    needs=frozenset({"emotional", "practical"}),
    specialisms=NONE,
    languages=frozenset({"pl"}),
    age_from=None,
    age_to=None,
    capacity=Capacity.FREE,
    contact_way="01632 960001",
    checked_on=date(2026, 5, 1),
    first=True,
)
SPECIALIST = replace(
    GENERAL,
    id="specialist",
    name="Example Specialist",
    needs=NONE,
    specialisms=frozenset({"domestic_abuse"}),
    first=False,
)
WANTED = Wanted("Luton", frozenset({"emotional"}), 30, "en")


def test_a_service_that_fits_says_why() -> None:
    (match,) = matches([GENERAL], WANTED)
    assert match.fits_because == (
        "Works in every area",
        "Helps: somebody to talk to",
        "Any age",
        "Speaks their language",
        "Takes referrals now",
    )


@pytest.mark.parametrize(
    ("service", "wanted", "why_not"),
    [
        ({"areas": frozenset({"Bedford Borough"})}, {}, "Does not work in Luton"),
        ({"needs": frozenset({"court"})}, {}, "Meets none of the needs recorded"),
        ({"age_from": 0, "age_to": 17}, {}, "For 17 and under only"),
        ({"age_from": 40}, {}, "For 40 and over only"),
        ({"age_from": 11, "age_to": 18}, {}, "For 11 to 18 only"),
        ({}, {"language": "ur"}, "Does not offer their language"),
        ({"capacity": Capacity.FULL}, {}, "Is full, takes no referrals now"),
    ],
)
def test_a_service_that_does_not_fit_says_why_not(
    service: dict[str, object], wanted: dict[str, object], why_not: str
) -> None:
    (match,) = matches([replace(GENERAL, **service)], replace(WANTED, **wanted))  # type: ignore[arg-type]
    assert match.not_because == (why_not,)
    assert not match.fits


def test_ages_are_inclusive_and_an_unknown_age_is_to_be_checked() -> None:
    service = replace(GENERAL, age_from=13, age_to=17)
    fits = {age: matches([service], replace(WANTED, age=age))[0].fits for age in (12, 13, 17, 18, None)}
    assert fits == {12: False, 13: True, 17: True, 18: False, None: True}
    assert (
        "For 13 to 17: check the age, which is not recorded"
        in matches([service], replace(WANTED, age=None))[0].fits_because
    )


def test_a_specialist_is_asked_first_where_the_policy_says_so() -> None:
    wanted = replace(
        WANTED, needs=frozenset({"emotional", "domestic_abuse"}), specialist_first=frozenset({"domestic_abuse"})
    )
    assert [match.service.id for match in matches([GENERAL, SPECIALIST], wanted)] == ["specialist", "general"]
    plain = replace(wanted, specialist_first=NONE)
    assert [match.service.id for match in matches([GENERAL, SPECIALIST], plain)] == ["general", "specialist"]


def test_a_need_that_only_a_full_service_meets_is_unmet() -> None:
    wanted = replace(WANTED, needs=frozenset({"emotional", "domestic_abuse"}))
    full = replace(SPECIALIST, capacity=Capacity.FULL)
    assert unmet_needs(matches([GENERAL, full], wanted), wanted) == ("domestic_abuse",)
    assert unmet_needs(matches([GENERAL, SPECIALIST], wanted), wanted) == ()


@given(
    st.permutations([replace(GENERAL, id=f"s{n}", name=f"S {n % 3}", first=n == 1) for n in range(6)]),
    st.frozensets(st.sampled_from(list(SUPPORT_NEEDS))),
)
def test_the_order_does_not_depend_on_the_order_asked(services: list[Service], needs: frozenset[str]) -> None:
    wanted = replace(WANTED, needs=needs)
    found = matches(services, wanted)
    assert found == matches(sorted(services, key=lambda service: service.id), wanted)
    assert [match.fits for match in found] == sorted((match.fits for match in found), reverse=True)


@pytest.mark.parametrize(
    ("born_on", "age"), [(date(2013, 5, 22), 13), (date(2013, 5, 23), 12), (date(2012, 2, 29), 14)]
)
def test_age_is_counted_by_birthdays(born_on: date, age: int) -> None:
    assert age_on(born_on, date(2026, 5, 22)) == age

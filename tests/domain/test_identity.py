"""A date of birth put right: what was never so leaves the assessments, what was not known counts from today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import event, journey
from victimcare.domain.identity import Identity, TierPutRight, differing, tiers_put_right
from victimcare.domain.journey import Journey, JourneyEvent
from victimcare.domain.needs import tier_found
from victimcare.domain.victim import TierPeriod, eighteenth_birthday, tier_history, tier_on
from victimcare.editions.loader import published_code

EDITION = published_code().latest
ASSESSED, TODAY = date(2026, 5, 19), date(2026, 6, 22)
CHILD, YOUNGER, ADULT = date(2011, 3, 4), date(2013, 3, 4), date(1985, 3, 4)
JUST_18, TURNED_18 = date(2008, 6, 1), date(2008, 3, 1)


def assessed(born_on: date | None, *criteria: str, on: date = ASSESSED, key: str = "a") -> JourneyEvent:
    """An assessment as it was made with this date of birth."""
    is_child = born_on is not None and on < eighteenth_birthday(born_on)
    met = {*criteria, "under_18"} if is_child else set(criteria)
    found = tier_found(EDITION.grounds, met, default_tier=EDITION.default_tier, born_on=born_on, on=on)
    details = TierPutRight(found).details()
    return event("needs_assessed", on, key=key, details={**details, "agency": "police"})


def put_right(told: Journey, born_on: date | None, today: date = TODAY) -> tuple[TierPutRight, ...]:
    chains = told.chains().values()
    return tiers_put_right(chains, EDITION.grounds, default_tier=EDITION.default_tier, born_on=born_on, today=today)


def recorded(told: Journey, right: tuple[TierPutRight, ...], today: date = TODAY) -> Journey:
    """The journey with what is right recorded today."""
    more = [
        event(
            "needs_assessed",
            one.corrects.current.happened if one.corrects else today,
            recorded=today,
            corrects=one.corrects.versions[-1] if one.corrects else None,
            correction="amends" if one.corrects else None,
            details=one.details(),
        )
        for one in right
    ]
    return journey(*told.events, *more)


def tiers(told: Journey) -> tuple[TierPeriod, ...]:
    return tier_history(told.chains().values(), default_tier=EDITION.default_tier)


@pytest.mark.parametrize(
    ("before", "criteria", "right", "periods"),
    [
        (CHILD, [], YOUNGER, [("enhanced", ASSESSED, date(2031, 3, 4)), ("standard", date(2031, 3, 4), None)]),
        (YOUNGER, [], CHILD, [("enhanced", ASSESSED, date(2029, 3, 4)), ("standard", date(2029, 3, 4), None)]),
        (CHILD, [], ADULT, [("standard", ASSESSED, None)]),
        (CHILD, [], None, [("enhanced", ASSESSED, None)]),
        (None, ["under_18"], ADULT, [("standard", ASSESSED, None)]),
        (CHILD, [], JUST_18, [("enhanced", ASSESSED, date(2026, 6, 1)), ("standard", date(2026, 6, 1), None)]),
        (
            ADULT,
            [],
            CHILD,
            [
                ("standard", ASSESSED, TODAY),
                ("enhanced", TODAY, date(2029, 3, 4)),
                ("standard", date(2029, 3, 4), None),
            ],
        ),
        (
            JUST_18,
            [],
            CHILD,
            [
                ("enhanced", ASSESSED, date(2026, 6, 1)),
                ("standard", date(2026, 6, 1), TODAY),
                ("enhanced", TODAY, date(2029, 3, 4)),
                ("standard", date(2029, 3, 4), None),
            ],
        ),
        (ADULT, [], TURNED_18, [("standard", ASSESSED, None)]),
        (ADULT, ["domestic_abuse"], CHILD, [("enhanced", ASSESSED, None)]),
        (CHILD, ["domestic_abuse"], ADULT, [("enhanced", ASSESSED, None)]),
        (ADULT, ["granted"], CHILD, [("enhanced", ASSESSED, None)]),
    ],
)
def test_what_a_corrected_date_of_birth_makes_of_an_assessment(
    before: date | None, criteria: list[str], right: date | None, periods: list[tuple[str, date, date | None]]
) -> None:
    told = journey(event("crime_reported", "2026-05-18"), assessed(before, *criteria))
    held = tiers(recorded(told, put_right(told, right)))
    assert [(p.tier, p.from_on, p.until_on) for p in held if p.from_on] == periods


def test_where_nobody_assessed_a_date_of_birth_gives_no_tier() -> None:
    assert put_right(journey(event("crime_reported", "2026-05-18")), CHILD) == ()


def test_what_else_an_assessment_said_stays_said() -> None:
    told = journey(assessed(CHILD))
    (right,) = put_right(told, ADULT)
    assert right.details() == {"tier": "standard", "agency": "police"}


def test_an_assessment_that_never_happened_is_not_corrected() -> None:
    wrong: dict[str, Any] = {"corrects": "a", "correction": "never_happened", "tier": "enhanced"}
    told = journey(assessed(CHILD), event("needs_assessed", ASSESSED, recorded=TODAY, **wrong))
    assert put_right(told, ADULT) == ()


births = st.one_of(st.none(), st.dates(date(2006, 1, 1), date(2014, 1, 1)), st.just(ADULT))
days = st.dates(date(2026, 1, 1), TODAY)


@given(
    st.lists(
        st.tuples(days, st.sampled_from([(), ("under_18",), ("domestic_abuse",)])), max_size=4, unique_by=lambda a: a[0]
    ),
    births,
    births,
)
def test_no_right_is_backdated_and_once_put_right_nothing_is_left_to_put_right(
    made: list[tuple[date, tuple[str, ...]]], before: date | None, right: date | None
) -> None:
    told = journey(
        event("crime_reported", "2026-01-01"),
        *(assessed(before, *criteria, on=on, key=f"a{number}") for number, (on, criteria) in enumerate(sorted(made))),
    )
    after = recorded(told, put_right(told, right))
    assert put_right(after, right) == ()
    old, new = tiers(told), tiers(after)
    day = date(2026, 1, 1)
    while day < TODAY:
        if tier_on(old, day).tier == "standard":
            assert tier_on(new, day).tier == "standard", f"backdated to {day}"
        day += timedelta(days=1)
    if made and right is not None and eighteenth_birthday(right) > TODAY:
        assert tier_on(new, TODAY).tier == "enhanced"


def test_what_differs_is_named() -> None:
    known = Identity("Wren Sample", None, "direct", "en")
    assert differing(known, Identity("Wren Sample", CHILD, "direct", "pl")) == ("born_on", "language")
    assert differing(known, known) == ()


@pytest.mark.parametrize("keys", ["ab", "ba"])
@pytest.mark.parametrize("at", ["2026-05-20", "2026-05-20T09:30+01:00"])
def test_of_two_assessments_of_one_moment_the_one_that_gives_more_counts(keys: str, at: str) -> None:
    """Nothing orders them but keys drawn by chance, and nobody's rights may hang on those."""
    enhanced = event("needs_assessed", at, key=keys[0], details={"tier": "enhanced", "grounds": "vulnerable"})
    standard = event("needs_assessed", at, key=keys[1], details={"tier": "standard"})
    held = tiers(journey(event("crime_reported", "2026-05-18"), enhanced, standard))
    assert tier_on(held, TODAY).tier == "enhanced"

"""Keeping in touch: what was promised, what failed since, and what the victim last asked for."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import event, journey
from victimcare.domain.case import Case, EventRefused
from victimcare.domain.journey import Correction, JourneyEvent
from victimcare.domain.keeping_in_touch import InTouch, Promise, in_touch

DAY = date(2026, 5, 22)


def of(*events: JourneyEvent) -> InTouch:
    return in_touch(journey(*events).chains().values())


def reached(on: str = "2026-05-18", **details: object) -> JourneyEvent:
    return event("contact_made", on, channel="phone", **details)  # type: ignore[arg-type]


def tried(on: str) -> JourneyEvent:
    return event("contact_attempted", on, channel="phone")


def test_nothing_is_promised_tried_or_asked_for_at_first() -> None:
    assert of(event("crime_reported", "2026-05-18")) == InTouch()


def test_a_promise_stands_until_the_next_contact_that_reaches_them() -> None:
    promised = reached(next_contact_on=DAY)
    promise = Promise(DAY, date(2026, 5, 18))
    assert of(promised).promise == promise
    assert of(promised, tried("2026-05-20")).promise == promise, "an attempt keeps no promise"
    assert of(promised, reached("2026-05-20")).promise is None
    assert of(promised, reached("2026-06-20")).promise is None, "kept late, but kept"
    later = date(2026, 6, 1)
    assert of(promised, reached("2026-05-20", next_contact_on=later)).promise == Promise(later, date(2026, 5, 20))


def test_a_contact_recorded_late_ends_no_promise_made_after_it() -> None:
    promised = reached("2026-05-20", next_contact_on=DAY)
    assert of(promised, event("contact_made", "2026-05-18", recorded="2026-05-21", channel="phone")).promise


def test_attempts_are_counted_since_the_last_contact() -> None:
    tries = [tried(f"2026-05-{day}") for day in (19, 20, 21)]
    assert of(*tries).attempts == 3
    assert of(*tries, reached("2026-05-20")).attempts == 1
    assert of(*tries, reached("2026-05-22")).attempts == 0


def test_a_contact_of_the_witness_care_unit_neither_keeps_nor_makes_a_promise_of_the_officers() -> None:
    promised, later = reached(next_contact_on=DAY), date(2026, 6, 1)
    theirs = reached("2026-05-20", agency="witness_care_unit", next_contact_on=later, wants_court=True)
    their_try = event("contact_attempted", "2026-05-20", channel="phone", agency="witness_care_unit")
    touch = of(promised, tried("2026-05-19"), theirs, their_try)
    assert (touch.promise, touch.attempts) == (Promise(DAY, date(2026, 5, 18)), 1)
    assert touch.wishes == ("court",), "what the victim asks for they have asked for, whoever heard it"
    assert of(promised, reached("2026-05-20", agency="police")).promise is None


def test_on_one_day_the_order_is_that_of_the_clock_and_else_of_recording() -> None:
    by_hour = (event("contact_attempted", f"2026-05-20T{hour}:00Z", channel="phone") for hour in ("08", "12"))
    assert of(*by_hour, event("contact_made", "2026-05-20T10:00Z", channel="phone")).attempts == 1
    first = event("contact_attempted", "2026-05-20", recorded="2026-05-20T09:00Z", channel="phone")
    assert of(first, event("contact_made", "2026-05-20", recorded="2026-05-20T10:00Z", channel="phone")).attempts == 0


def test_what_never_happened_counts_for_nothing() -> None:
    promised = reached(next_contact_on=DAY, wants_news=True)
    taken_back = event(
        "contact_made",
        "2026-05-18",
        recorded="2026-05-19",
        corrects=promised.key,
        correction=Correction.NEVER_HAPPENED,
        channel="phone",
    )
    assert of(promised, taken_back) == InTouch()


def test_what_they_last_asked_for_is_kept_until_they_ask_for_something_else() -> None:
    asked = reached(wants_safety=True, wants_news=True, wants_court=False)
    touch = of(asked, reached("2026-05-20"))
    assert (touch.wishes, touch.wished_on) == (("news", "safety"), date(2026, 5, 18))
    assert touch.wished == "News of the case, Help with their safety"
    assert of(asked, reached("2026-05-20", wants_property=True)).wishes == ("property",)


@pytest.mark.parametrize("on", ["2026-05-18", "2026-05-17"])
def test_the_next_contact_is_after_this_one(on: str) -> None:
    case = Case("BED-000001", journey(event("crime_reported", "2026-05-01")), 1, "E01", "Burglary")
    with pytest.raises(EventRefused, match="the next contact must be after the day of this one"):
        case.record(reached(next_contact_on=date.fromisoformat(on)))


@given(st.lists(st.sampled_from(["reached", "tried"]), max_size=12))
def test_the_attempts_are_those_after_the_last_success(what: list[str]) -> None:
    at = [f"2026-05-{number + 1:02}" for number in range(len(what))]
    events = [reached(on) if one == "reached" else tried(on) for one, on in zip(what, at, strict=True)]
    tail = what[::-1].index("reached") if "reached" in what else len(what)
    assert of(*events).attempts == tail

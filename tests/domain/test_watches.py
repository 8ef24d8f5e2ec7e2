"""The force's own watches: their days, against counting them one by one."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import event, journey
from victimcare.domain.code import Length, Unit
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, EventChain
from victimcare.domain.keeping_in_touch import silent_since
from victimcare.domain.stage_line import Standstill, standstill
from victimcare.domain.victim import is_under_18
from victimcare.domain.watches import Watch, begun_between, due_on
from victimcare.editions.law import published_law

CALENDAR = published_law().calendar
DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))
LENGTHS = st.one_of(
    st.builds(Length, st.integers(1, 30), st.just(Unit.WORKING_DAYS)),
    st.builds(Length, st.integers(1, 200), st.just(Unit.CALENDAR_DAYS)),
    st.builds(Length, st.integers(1, 13), st.just(Unit.CALENDAR_MONTHS)),
)
OPENED = date(2026, 5, 4)


@given(LENGTHS, DAYS, st.integers(0, 10), st.integers(-3, 450))
def test_what_began_within_the_window_is_exactly_what_comes_due_within_the_span(
    length: Length, first: date, days: int, ago: int
) -> None:
    last, began = first + timedelta(days=days), first - timedelta(days=ago)
    begin, end = begun_between(Watch.SILENCE, first, last, length, CALENDAR)
    assert (begin <= began <= end) is (first <= due_on(Watch.SILENCE, began, length, CALENDAR) <= last)


@given(LENGTHS, DAYS, st.integers(0, 10), st.integers(-450, 450))
def test_the_same_of_those_who_turn_18(length: Length, first: date, days: int, off: int) -> None:
    last, born_on = first + timedelta(days=days), first.replace(year=first.year - 19, day=28) + timedelta(days=off)
    begin, end = begun_between(Watch.TURNED_18, first, last, length, CALENDAR)
    due = due_on(Watch.TURNED_18, born_on, length, CALENDAR)
    assert (begin <= born_on <= end) is (first <= due <= last)
    assert not is_under_18(born_on, due)


def chains(*more: object, reported: bool = True) -> list[EventChain]:
    first = event("crime_reported", OPENED, contacts_recorded=reported)
    return list(journey(first, *more).chains().values())  # type: ignore[arg-type]


def test_silence_begins_with_the_last_contact_that_reached_the_victim_else_with_the_case() -> None:
    tried = event("contact_attempted", date(2026, 6, 20), means="phone")
    reached = event("contact_made", date(2026, 6, 9), means="phone")
    assert silent_since(chains(tried), opened_on=OPENED) == OPENED
    assert silent_since(chains(tried, reached), opened_on=OPENED) == date(2026, 6, 9)


def test_a_contact_that_never_was_ends_no_silence() -> None:
    reached = event("contact_made", date(2026, 6, 9), means="phone")
    never = event(
        "contact_made", date(2026, 6, 9), means="phone", corrects=reached.key, correction=Correction.NEVER_HAPPENED
    )
    assert silent_since(chains(reached, never), opened_on=OPENED) == OPENED


def test_nobody_is_watched_who_chose_to_hear_nothing_until_they_choose_otherwise() -> None:
    out = event("opted_out", date(2026, 6, 1), scope="all", reason="no_wish")
    back = event("opted_in", date(2026, 6, 8), scope="all")
    assert silent_since(chains(out), opened_on=OPENED) is None
    assert silent_since(chains(out, back), opened_on=OPENED) == OPENED


def test_a_source_without_contacts_proves_no_silence_until_somebody_records_one() -> None:
    reached = event("contact_made", date(2026, 6, 9), means="phone")
    assert silent_since(chains(reported=False), opened_on=OPENED) is None
    assert silent_since(chains(reached, reported=False), opened_on=OPENED) == date(2026, 6, 9)


def test_a_closed_case_is_neither_silent_nor_does_it_stand_still() -> None:
    closed = event(EventKind.CASE_CLOSED, date(2026, 6, 9))
    assert silent_since(chains(closed), opened_on=OPENED) is None
    assert standstill(chains(closed)) is None


def test_a_case_stands_at_the_furthest_stage_since_anything_last_happened_at_any() -> None:
    arrest = event("suspect_arrested", date(2026, 5, 20), subject="Suspect 1")
    charge = event("suspect_charged", date(2026, 5, 21), subject="Suspect 1")
    another = event("suspect_arrested", date(2026, 6, 3), subject="Suspect 2")
    contact = event("contact_made", date(2026, 6, 9), means="phone")
    assert standstill(chains()) == Standstill("report", OPENED)
    assert standstill(chains(arrest, contact)) == Standstill("investigation", date(2026, 5, 20))
    assert standstill(chains(arrest, charge, another)) == Standstill("decision", date(2026, 6, 3))


def test_until_a_hearing_that_is_listed_nothing_needs_to_happen_and_one_that_was_moved_counts_as_last_heard() -> None:
    listed = event(
        "hearing_listed", "2026-05-20", received="2026-05-20", subject="Hearing 1", hearing_on=date(2026, 12, 1)
    )
    sooner = event(
        "hearing_adjourned", "2026-05-27", received="2026-05-27", subject="Hearing 1", hearing_on=date(2026, 9, 1)
    )
    assert standstill(chains(listed)) == Standstill("court", date(2026, 12, 1))
    assert standstill(chains(listed, sooner)) == Standstill("court", date(2026, 9, 1))

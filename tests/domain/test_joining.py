"""A victim recorded after the crime: what was news before is history without clocks, and nothing later is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import event, journey, moment
from tests.domain.random_journeys import journeys
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.joining import copies_for
from victimcare.domain.journey import Journey, JourneyEvent, Moment
from victimcare.editions.law import published_law

LAW = published_law()
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
JOINED = Moment.day(date(2026, 5, 22))
BURGLARY = (
    event("crime_reported", "2026-05-18", key="reported"),
    event("crime_recorded", "2026-05-18", key="recorded"),
)


def keys() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"copy-{next(numbers):04}"


def joined(told: Journey, at: Moment = JOINED) -> Journey:
    """The journey of a victim who joined the crime of this one."""
    copies = copies_for(told, joined=at, recorded_at=NOW, new_key=keys())
    own = JourneyEvent("joined", EventKind.VICTIM_JOINED, at, NOW)
    return journey(own, *(copy.event for copy in copies))


def owed(told: Journey) -> list[tuple[str, date | None]]:
    return [(each.rule.id, each.due_on) for each in assess(told, LAW.code, LAW.calendar)]


def test_their_first_duties_count_from_the_day_on_which_they_were_recorded_and_say_that_it_is_not_verified() -> None:
    duties = assess(joined(journey(*BURGLARY)), LAW.code, LAW.calendar)
    assert [(each.rule.id, each.started_on, each.due_on) for each in duties] == [
        ("R3-WRIT", JOINED.on, date(2026, 6, 1)),
        ("R3-INFO", JOINED.on, date(2026, 6, 1)),
        ("R3-RJ", JOINED.on, date(2026, 6, 1)),
        ("R4-REF", JOINED.on, date(2026, 5, 27)),
    ]
    assert not any(each.rule.verified_from(each.start.root.kind) for each in duties)


@pytest.mark.parametrize(
    ("happened", "owed_now"),
    [("2026-05-21", False), ("2026-05-22", True), ("2026-05-23", True)],
    ids=["before", "the same day", "after"],
)
def test_an_arrest_is_told_them_if_it_was_news_on_their_first_day_or_later(happened: str, owed_now: bool) -> None:
    told = journey(*BURGLARY, event("suspect_arrested", happened, subject="Suspect 1"))
    assert ("R6-ARR" in dict(owed(joined(told)))) is owed_now


def test_within_a_day_the_hour_decides_where_both_are_known() -> None:
    at = moment("2026-05-22T12:00+01:00")
    for hour, owed_now in (("11:59", False), ("12:00", True), ("12:01", True)):
        told = journey(*BURGLARY, event("suspect_arrested", f"2026-05-22T{hour}+01:00", subject="Suspect 1"))
        assert ("R6-ARR" in dict(owed(joined(told, at)))) is owed_now, hour


def test_a_result_counts_from_its_receipt_also_where_the_hearing_is_history() -> None:
    hearing = {"subject": "Hearing 1", "received": "2026-05-20"}
    listed = event("hearing_listed", "2026-05-20", hearing_on=date(2026, 6, 2), hearing_type="trial", **hearing)
    result = event("court_outcome_received", "2026-06-02", subject="Hearing 1", received="2026-06-03", outcome="guilty")
    later = joined(journey(*BURGLARY, listed))
    assert {rule for rule, _ in owed(later)} == {"R3-WRIT", "R3-INFO", "R3-RJ", "R4-REF"}
    with_result = journey(*later.events, result)
    both = journey(*BURGLARY, listed, result)
    of_result = {each for each in owed(both) if each[0].startswith("R9") or each[0] == "H-COURT8"}
    assert of_result
    assert of_result <= set(owed(with_result))


def test_a_correction_of_what_is_history_starts_nothing() -> None:
    arrest = event("suspect_arrested", "2026-05-19", key="arrest", subject="Suspect 1")
    told = joined(journey(*BURGLARY, arrest))
    (copy,) = [each for each in told.events if each.kind is EventKind.SUSPECT_ARRESTED]
    for correction in ("amends", "changes_news"):
        wrong = event(
            "suspect_arrested",
            "2026-05-20",
            recorded="2026-06-03",
            corrects=copy.key,
            correction=correction,
            subject="Suspect 2",
        )
        assert owed(journey(*told.events, wrong)) == owed(told)


@pytest.mark.parametrize(("right", "owed_now"), [("2026-05-21", False), ("2026-05-22", True), ("2026-05-26", True)])
def test_a_date_put_right_makes_it_news_where_it_was_news_after_they_joined(right: str, owed_now: bool) -> None:
    told = joined(journey(*BURGLARY, event("suspect_arrested", "2026-05-19", key="arrest", subject="Suspect 1")))
    (copy,) = [each for each in told.events if each.kind is EventKind.SUSPECT_ARRESTED]
    put_right = {"recorded": "2026-06-03", "corrects": copy.key, "correction": "amends", "subject": "Suspect 1"}
    duties = owed(journey(*told.events, event("suspect_arrested", right, **put_right)))
    assert ("R6-ARR" in dict(duties)) is owed_now
    again = event("suspect_arrested", "2026-05-19", **{**put_right, "recorded": "2026-06-04"})
    assert "R6-ARR" not in dict(owed(journey(*told.events, event("suspect_arrested", right, **put_right), again)))


def test_the_report_stays_history_whatever_is_put_right_of_it() -> None:
    told = joined(journey(*BURGLARY))
    copy = next(each for each in told.events if each.kind is EventKind.CRIME_REPORTED)
    later = event("crime_reported", "2026-05-25", recorded="2026-06-03", corrects=copy.key, correction="amends")
    assert owed(journey(*told.events, later)) == owed(told)


def keyed(duties: tuple[Entitlement, ...]) -> list[object]:
    return [(d.rule.id, d.started_on, d.due_on, d.ending, d.ended_on, d.counting) for d in duties]


@given(journeys(), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_of_any_crime_each_event_is_copied_once_in_order_and_history_is_as_if_it_were_not(
    told: Journey, on: date
) -> None:
    copies = copies_for(told, joined=Moment.day(on), recorded_at=NOW, new_key=keys())
    of_crime = [each for each in told.events if EVENT_KINDS[each.kind].of_crime]
    assert sorted(copy.of_key for copy in copies) == sorted(each.key for each in of_crime)
    was = {each.key: each for each in of_crime}
    recorded = sorted(copies, key=lambda copy: copy.event.recorded_at)
    assert [(was[c.of_key].recorded_at, c.of_key) for c in recorded] == sorted((e.recorded_at, e.key) for e in of_crime)
    for copy in copies:
        of = was[copy.of_key]
        assert (copy.event.kind, copy.event.happened, copy.event.details) == (of.kind, of.happened, of.details)
        assert copy.event.duties == ()
        assert copy.event.recorded_at > NOW
    mine = Journey("", tuple(copy.event for copy in copies))
    without = Journey("", tuple(each for each in mine.events if not each.as_history))
    hearings = {EventKind.HEARING_LISTED, EventKind.HEARING_ADJOURNED}
    if not hearings & {each.kind for each in mine.events if each.as_history}:
        # An adjournment may take its kind of hearing from a listing that is history.
        assert keyed(assess(mine, LAW.code, LAW.calendar)) == keyed(assess(without, LAW.code, LAW.calendar))
    if on > max((each.happened.on for each in of_crime), default=date.min) + timedelta(days=400):
        assert assess(mine, LAW.code, LAW.calendar) == ()

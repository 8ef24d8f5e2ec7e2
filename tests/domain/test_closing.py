"""Closing a case: the agreed interval rests until it is reopened; nothing else that is owed ends, and nothing late."""

from __future__ import annotations

from datetime import date

from tests.builders import duty, event, journey
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.explanation import explain
from victimcare.domain.journey import JourneyEvent
from victimcare.domain.standing import Ending
from victimcare.editions.law import published_law

LAW = published_law()
TOLD = (
    event("crime_reported", "2026-05-18", key="reported"),
    event("contact_interval_agreed", "2026-05-20", key="agreed", interval_days=14),
)


def turns(*more: JourneyEvent) -> list[tuple[str, date | None, Ending | None, date | None]]:
    """Each turn of the interval: what began it, when it was due, and how and when it ended."""
    found = assess(journey(*TOLD, *more), LAW.code, LAW.calendar)
    return [(each.start.key, each.due_on, each.ending, each.ended_on) for each in found if each.rule.recurring]


def others(*more: JourneyEvent) -> list[Entitlement]:
    return [each for each in assess(journey(*TOLD, *more), LAW.code, LAW.calendar) if not each.rule.recurring]


CLOSED = event("case_closed", "2026-05-25", key="closed")
REOPENED = event("case_reopened", "2026-07-01", key="reopened")


def test_the_turn_that_is_not_late_ends_on_the_day_of_the_closing() -> None:
    assert turns(CLOSED) == [("agreed", date(2026, 6, 3), Ending.NOT_APPLICABLE, date(2026, 5, 25))]


def test_why_it_ended_and_why_it_goes_on_is_said() -> None:
    closed, reopened = (
        explain(each, LAW.calendar)
        for each in assess(journey(*TOLD, CLOSED, REOPENED), LAW.code, LAW.calendar)
        if each.rule.recurring
    )
    assert "The case was closed on Monday 25 May 2026, and the interval rests while it is closed." in closed
    assert "The case was reopened on Wednesday 1 July 2026, and the interval agreed before goes on." in reopened


def test_a_turn_that_was_found_not_to_apply_does_not_say_that_the_case_was_closed() -> None:
    ended = event("duty_not_applicable", "2026-05-22", answers=[duty("R6-AGREED", "agreed")], reason="other")
    (turn,) = (each for each in assess(journey(*TOLD, ended, CLOSED), LAW.code, LAW.calendar) if each.rule.recurring)
    assert "It was found not to apply on Friday 22 May 2026." in explain(turn, LAW.calendar)


def test_what_is_late_stays_owed() -> None:
    late = event("case_closed", "2026-06-10")
    assert turns(late) == [("agreed", date(2026, 6, 3), None, None)]


def test_a_contact_while_it_is_closed_begins_no_turn() -> None:
    assert len(turns(CLOSED, event("contact_made", "2026-06-01", channel="phone"))) == 1


def test_reopening_begins_a_turn_with_the_interval_that_was_agreed() -> None:
    assert turns(CLOSED, REOPENED)[1:] == [("reopened", date(2026, 7, 15), None, None)]


def test_closed_and_reopened_on_one_day_nothing_changes() -> None:
    back = event("case_reopened", "2026-05-25", key="reopened")
    assert turns(CLOSED, back) == turns()


def test_a_closing_that_never_happened_ends_nothing() -> None:
    undone = event("case_closed", "2026-05-25", recorded="2026-05-26", corrects="closed", correction="never_happened")
    assert turns(CLOSED, undone) == turns()


def test_no_other_duty_is_touched() -> None:
    assert others(CLOSED) == others()
    assert others(CLOSED, REOPENED) == others()

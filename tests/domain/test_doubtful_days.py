"""A day that can hardly be meant is noticed before anything is recorded with it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.builders import event, journey
from tests.domain.random_journeys import CALENDAR, CODE
from victimcare.domain.doubtful_days import DoubtfulDay, doubtful_day
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import JourneyEvent
from victimcare.domain.law import Law

TODAY = date(2026, 6, 10)
REPORT = event(EventKind.CRIME_REPORTED, "2026-03-02", key="report")


def doubt(new: JourneyEvent, *known: JourneyEvent) -> DoubtfulDay | None:
    return doubtful_day(journey(REPORT, *known), new, Law(CODE, CALENDAR), on=TODAY)


def arrest(on: str, **more: object) -> JourneyEvent:
    return event(EventKind.SUSPECT_ARRESTED, on, subject="Suspect 1", **more)  # type: ignore[arg-type]


def late(found: DoubtfulDay | None) -> list[str]:
    return [owed.rule.id for owed in found.late] if found else []


@pytest.mark.parametrize(("on", "reported"), [("2020-01-01", True), ("2026-03-01", True), ("2026-06-01", False)])
def test_before_the_report_is_doubtful_whether_or_not_a_duty_starts(on: str, reported: bool) -> None:
    found = doubt(arrest(on))
    assert (found is not None and found.reported_on == date(2026, 3, 2)) is reported


def test_the_day_of_the_report_itself_is_not() -> None:
    assert doubt(event(EventKind.VPS_OFFERED, "2026-03-02")) is None


@pytest.mark.parametrize(("on", "rules"), [("2026-04-30", ["R6-ARR"]), ("2026-05-01", []), ("2026-05-12", [])])
def test_late_at_once_by_more_than_a_month_is_doubtful(on: str, rules: list[str]) -> None:
    """Thu 30 April: due Fri 8 May (4 May is a bank holiday), a month later 8 June. Fri 1 May: Mon 11 May, 11 June."""
    assert late(doubt(arrest(on))) == rules


def test_a_contact_long_ago_that_starts_nothing_is_not_asked_about() -> None:
    assert doubt(event(EventKind.CONTACT_MADE, "2026-03-10", channel="phone")) is None


def test_a_report_of_last_year_is_late_at_once() -> None:
    found = doubtful_day(journey(), event(EventKind.CRIME_REPORTED, "2025-06-09"), Law(CODE, CALENDAR), on=TODAY)
    assert (found and found.reported_on, late(found)) == (None, ["R3-WRIT", "R3-INFO", "R3-RJ", "R4-REF"])


def test_a_correction_is_asked_about_for_what_it_makes_worse() -> None:
    known = arrest("2026-06-09", key="arrest")
    assert doubt(arrest("2026-06-08", corrects="arrest", correction="amends"), known) is None
    assert late(doubt(arrest("2026-04-01", corrects="arrest", correction="amends"), known)) == ["R6-ARR"]
    assert doubt(arrest("2026-02-01", corrects="arrest", correction="amends"), known)
    assert doubt(arrest("2026-02-01", corrects="arrest", correction="never_happened"), known) is None


def test_a_correction_that_leaves_an_old_day_is_not_asked_about_again() -> None:
    for old in ("2026-02-01", "2026-04-01"):
        known = arrest(old, key="arrest")
        assert doubt(arrest(old, corrects="arrest", correction="amends"), known) is None


def test_a_report_that_is_corrected_to_an_earlier_day_is_not_before_itself() -> None:
    moved = event(EventKind.CRIME_REPORTED, "2026-03-01", corrects="report", correction="amends")
    assert doubt(moved) is None

"""A witness care officer records the outcome of a trial, tells the victim, and their day is done."""

from __future__ import annotations

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.test_every_page import LATE, check, check_errors
from victimcare.domain.event_kinds import EventKind


def test_a_witness_care_officer_tells_a_victim_the_outcome(desk: Desk, sign_in: SignIn) -> None:
    work = desk.casework
    ref = work.case("Wren Sample", at=LATE)
    work.record(ref, EventKind.SUSPECT_CHARGED, LATE, subject="Suspect 1")
    hearing = {"hearing_on": LATE.date(), "hearing_type": "trial"}
    work.record(ref, EventKind.HEARING_LISTED, LATE, received=LATE, subject="Hearing 1", **hearing)
    page = sign_in("clerk")
    page.get_by_role("heading", name="Awaited from courts (1)").wait_for()
    check(page, "witness care")
    page.get_by_role("link", name="Record the result").click()
    check(page, "what happened, at court")
    page.goto(f"{desk.address}/cases/{ref}/events/court_outcome_received?about=0")
    check_errors(page, "an outcome", "Record")
    page.get_by_label("Found guilty").check()
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_url("**recorded=court_outcome_received")
    check(page, "a case at court")
    page.goto(f"{desk.address}/witness-care")
    page.get_by_role("row", name="outcome of the case").get_by_role("link", name="Record contact").click()
    page.get_by_label("Yes", exact=True).first.check()
    page.get_by_label("Phone", exact=True).check()
    check(page, "a contact, by witness care")

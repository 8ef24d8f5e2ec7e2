"""A witness care officer begins with what courts have not told them, and goes on to record it."""

from __future__ import annotations

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.test_every_page import LATE, check
from victimcare.domain.event_kinds import EventKind


def test_a_witness_care_officer_sees_what_is_awaited_and_what_can_be_recorded(desk: Desk, sign_in: SignIn) -> None:
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

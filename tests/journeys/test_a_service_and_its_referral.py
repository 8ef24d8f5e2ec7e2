"""Somebody of a service opens a referral, reaches the victim safely, and says what came of it; the officer reads it."""

from __future__ import annotations

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.test_every_page import LATE, check, check_errors
from tests.web.furnished import furnish


def test_somebody_of_a_service_takes_a_referral_to_the_start_of_support(desk: Desk, sign_in: SignIn) -> None:
    case = furnish(desk.casework, desk.casework.case("Wren Sample", at=LATE))
    page = sign_in("helper")
    assert "Wren" not in page.content()
    page.get_by_role("link", name="referral-").click()
    page.get_by_text("Wren Sample").wait_for()
    check_errors(page, "an answer to a referral", "Record")
    page.get_by_role("button", name="Show how to reach them").click()
    page.get_by_text("1 Sample Row").wait_for()
    check(page, "the ways to the victim")
    for step in ("Accepted", "The service made contact", "Support started"):
        page.goto(f"{desk.address}/referrals/{case.names['sent_id']}")
        page.get_by_label(step, exact=True).check()
        page.get_by_role("button", name="Record", exact=True).click()
        page.wait_for_url("**/referrals")
    check(page, "the referrals")
    answer = page.goto(f"{desk.address}/cases/{case.ref}")
    assert answer is not None
    assert answer.status == 403
    desk.complaints.clear()
    page = sign_in("officer")
    page.goto(f"{desk.address}/cases/{case.ref}/support")
    page.get_by_text("Support started").first.wait_for()

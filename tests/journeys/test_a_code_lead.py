"""A Code lead compares rules with the Code, and brings a list of bank holidays into force."""

from __future__ import annotations

from tests.holidays import document, listed
from tests.journeys.conftest import Desk, SignIn
from tests.journeys.test_every_page import check, check_errors

RULE = "R6-ARR"


def test_a_code_lead_finds_a_rule_different_and_looks_again(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in("lead")
    page.get_by_role("link", name="Nobody has checked").click()
    page.get_by_role("link", name="Tell the victim: suspect arrested").click()
    check_errors(page, "a check", "Record the check")
    page.get_by_label("What did you compare it with?").fill("Code of Practice for Victims, gov.uk, paragraph 6.4")
    for part, typed in (("Day", "20"), ("Month", "5"), ("Year", "2026")):
        page.get_by_label(part, exact=True).fill(typed)
    page.get_by_label("It was found different").check()
    page.get_by_role("button", name="Record the check").click()
    page.get_by_role("link", name="Enter what is different").wait_for()
    page.get_by_label("What is different?", exact=True).fill("It says that reasons are given where the victim asks")
    page.get_by_role("button", name="Record the check").click()
    page.get_by_text("it was found different. Compared with").wait_for()
    check(page, "a rule that was found different")
    page.goto(f"{desk.address}/code?show=different")
    assert page.locator("main tbody tr").count() == 1
    check(page, "what was found different")
    assert page.goto(f"{desk.address}/cases").status == 403  # type: ignore[union-attr]
    desk.complaints.clear()


def test_a_code_lead_pastes_the_published_bank_holidays_and_approves_them(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in("lead")
    page.get_by_role("link", name="Bank holidays").click()
    check(page, "the bank holidays")
    check_errors(page, "a list of bank holidays", "Propose it")
    page.get_by_label("The published list").fill(document(listed(**{"2028-05-05": "A jubilee"})).decode())
    page.get_by_role("button", name="Propose it").click()
    page.get_by_text("Friday 5 May 2028 becomes a bank holiday: A jubilee.").wait_for()
    check(page, "a proposed list of bank holidays")
    page.get_by_role("button", name="Approve the list").click()
    page.get_by_text("in force since").first.wait_for()
    check(page, "an approved list of bank holidays")

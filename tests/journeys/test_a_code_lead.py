"""A Code lead compares rules with the Code, and brings bank holidays and a new edition into force."""

from __future__ import annotations

from tests.holidays import document, listed
from tests.invented_edition import coming
from tests.journeys.conftest import Desk, SignIn
from tests.journeys.test_every_page import check, check_errors
from tests.web.judged import follow_the_law

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


def test_a_code_lead_pastes_an_edition_looks_at_it_approves_it_and_puts_it_back(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in("lead")
    page.get_by_role("link", name="Editions").click()
    check(page, "the editions")
    check_errors(page, "an edition", "Propose it")
    page.get_by_label("The edition", exact=True).fill(coming())
    page.get_by_role("button", name="Propose it").click()
    page.get_by_text("Duties with a time limit").click()
    page.get_by_text("New: Limit, enhanced rights: 4 working days.").first.wait_for()
    check(page, "a proposed edition")
    page.get_by_role("button", name="Approve the edition").click()
    check(page, "an approved edition")
    follow_the_law(desk.casework)
    page.get_by_role("button", name="Put it back").click()
    page.get_by_text("put back").first.wait_for()
    check(page, "an edition that was put back")

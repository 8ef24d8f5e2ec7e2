"""A supervisor's morning: what is overdue, the case behind it, a caseload handed over, and a case looked at."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.test_every_page import check
from tests.web.casework import MONDAY
from victimcare.store.cases import CASES

LATE = MONDAY - timedelta(days=24)
Look = Callable[[Page, str], None]


def no_check(page: Page, where: str) -> None:
    """Where no scripts run, the checker of pages does not either."""


def holders(desk: Desk, refs: list[str]) -> set[str]:
    with desk.casework.site.database.reading() as connection:
        wanted = select(CASES.c.officer_id).where(CASES.c.ref.in_(refs))
        return set(connection.execute(wanted).scalars())


def test_a_supervisors_morning(desk: Desk, sign_in: SignIn, javascript: bool) -> None:
    refs = [desk.casework.case(f"Sample {number}", at=LATE) for number in range(4)]
    page = sign_in("supervisor", javascript=javascript)
    look = check if javascript else no_check
    from_the_number_to_the_case(page, look)
    hand_the_caseload_over(page, desk, look)
    assert holders(desk, refs) == {"colleague"}
    look_at_a_case(page, desk, look)


def from_the_number_to_the_case(page: Page, look: Look) -> None:
    """The big number says how many; its list has as many, and the first of them opens at its duty."""
    look(page, "the team")
    number = page.locator(".app-number", has_text="Overdue").first
    overdue = number.locator(".app-number__count").inner_text()
    number.get_by_role("link").click()
    expect(page.locator("[data-shows]")).to_contain_text(f"of {overdue} duties")
    look(page, "the list behind a number")
    first = page.locator("tbody th a").first
    ref = first.inner_text()[:11]
    first.click()
    page.wait_for_url(f"**/cases/{ref}#duty-*")


def hand_the_caseload_over(page: Page, desk: Desk, look: Look) -> None:
    """All cases of one officer: what it would do is read first, then it is done."""
    page.goto(f"{desk.address}/team")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="Example Officer"))
    row.get_by_role("link", name=re.compile("open cases of Example Officer")).click()
    page.get_by_label(re.compile("The whole caseload: ")).check()
    page.get_by_label("New case officer").select_option("colleague")
    page.get_by_label("Reason").fill("retires on Friday")
    look(page, "a caseload to choose from")
    page.get_by_role("button", name="See what it would do").click()
    page.get_by_role("heading", name="What the hand-over would do").wait_for()
    look(page, "what the hand-over would do")
    workload = page.locator("tr", has=page.get_by_role("rowheader", name="Example Colleague"))
    expect(workload).to_contain_text(re.compile(r"from \d+% to \d+%"))
    button = page.get_by_role("button", name=re.compile(r"^Reassign \d+ cases$"))
    count = re.findall(r"\d+", button.inner_text())[0]
    button.click()
    expect(page.get_by_role("alert")).to_contain_text(f"{count} cases to Example Colleague")


def look_at_a_case(page: Page, desk: Desk, look: Look) -> None:
    """One of the cases drawn of the last month is read and answered."""
    page.goto(f"{desk.address}/team")
    page.get_by_role("link", name="Cases to look at").click()
    look(page, "the sample of a month")
    page.get_by_role("link", name=re.compile("answer the questions")).first.click()
    page.get_by_role("button", name="Keep the answers").click()
    expect(page.get_by_role("alert").first).to_contain_text("Answer the question")
    for question in page.get_by_role("group").all():
        question.get_by_label("Yes").check()
    look(page, "the questions about a case")
    page.get_by_role("button", name="Keep the answers").click()
    expect(page.get_by_role("alert")).to_contain_text("Your answers are kept")
    answered = page.locator("#results-heading ~ table tbody tr").first.locator("td").first
    assert int(answered.inner_text()) >= 1

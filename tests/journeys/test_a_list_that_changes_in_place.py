"""The list of cases with scripts: a filter or another page changes the list alone, says so, and keeps one's place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.test_every_page import check
from tests.web.casework import MONDAY
from victimcare.domain.event_kinds import EventKind
from victimcare.queries.case_list import PAGE_SIZE

MARK = "window.untouched = true"


@pytest.fixture
def listed(desk: Desk, sign_in: SignIn) -> Page:
    """The list of an officer with more cases than a page shows, one of them closed."""
    page = sign_in("officer")
    page.goto(f"{desk.address}/cases")
    page.evaluate(MARK)
    return page


@pytest.fixture(autouse=True)
def cases(desk: Desk) -> None:
    """Made once for the module."""
    work = desk.casework
    if "Showing 1 to 25" not in work.page(work.site.sign_in(), "/cases").text:
        for _ in range(PAGE_SIZE + 2):
            work.case("Wren Sample", at=MONDAY)
        work.record(work.case("Closed Sample", at=MONDAY), EventKind.CASE_CLOSED)


def untouched(page: Page) -> bool:
    """Whether it is still the page that was opened."""
    return bool(page.evaluate("window.untouched === true"))


def is_on(page: Page, its_id: str) -> None:
    """The focus comes there, once the list has settled."""
    page.wait_for_function("its_id => document.activeElement.id === its_id", arg=its_id)


def test_a_filter_changes_the_list_and_the_focus_stays_on_its_button(desk: Desk, listed: Page) -> None:
    listed.get_by_label("Status").select_option("closed")
    listed.get_by_role("button", name="Apply filters").click()
    listed.wait_for_url("**/cases?status=closed*")
    expect(listed.get_by_text("Closed Sample")).to_be_visible()
    expect(listed.get_by_role("status")).to_have_text("Showing 1 to 1 of 1 case")
    assert untouched(listed)
    is_on(listed, "apply")
    check(listed, "a list that was filtered in place")


def test_another_page_begins_at_its_top_and_says_which_it_is(desk: Desk, listed: Page) -> None:
    listed.get_by_role("link", name="Next").click()
    listed.wait_for_url("**/cases?*page=2*")
    expect(listed).to_have_title("Cases, page 2 - victimcare")
    expect(listed.get_by_role("status")).to_contain_text("Showing 26 to")
    assert untouched(listed)
    is_on(listed, "cases")
    listed.go_back()
    listed.wait_for_url(f"{desk.address}/cases")
    expect(listed.locator(".app-showing")).to_contain_text("Showing 1 to 25")


def test_a_chip_that_is_taken_away_leaves_the_reader_at_the_list(desk: Desk, listed: Page) -> None:
    listed.get_by_label("Something overdue").check()
    listed.get_by_role("button", name="Apply filters").click()
    listed.get_by_role("link", name="Remove this filter").click()
    expect(listed.locator(".app-showing")).to_contain_text("Showing 1 to 25")
    assert untouched(listed)
    is_on(listed, "cases")
    assert not listed.get_by_label("Something overdue").is_checked()


def test_a_sign_in_that_ended_meanwhile_leads_to_the_page_for_it(desk: Desk, listed: Page) -> None:
    listed.context.clear_cookies()
    listed.get_by_role("button", name="Apply filters").click()
    listed.get_by_role("heading", name="Sign in").wait_for()
    desk.complaints.clear()


def test_a_fault_is_shown_as_the_page_it_is(desk: Desk, listed: Page) -> None:
    listed.route("**/cases?*", lambda route: route.continue_(url=f"{desk.address}/nowhere"))
    listed.get_by_role("button", name="Apply filters").click()
    expect(listed.get_by_role("heading", level=1)).to_have_text("Page not found")
    desk.complaints.clear()


def test_a_case_opens_as_a_page_of_its_own(desk: Desk, listed: Page) -> None:
    listed.locator("#cases th a").first.click()
    listed.wait_for_url("**/cases/*-*")
    assert not untouched(listed)

"""Every page of officers and supervisors, and what each says when something is wrong: for everybody, on any screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page

from tests.journeys.conftest import Desk, SignIn
from tests.web.casework import MONDAY
from tests.web.test_browser import check as check_accessible
from victimcare.domain.event_kinds import EventKind

LATE = MONDAY - timedelta(days=14)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 800}


def a_busy_case(desk: Desk) -> str:
    """A case with everything on it: overdue and waiting duties, tellings, an attempt, a correction's tag, deadlines."""
    work = desk.casework
    ref = work.case("A Victim With Rather A Long Double-Barrelled-Name", at=LATE)
    work.record(ref, EventKind.NEEDS_ASSESSED, LATE, tier="enhanced", grounds="vulnerable")
    work.record(ref, EventKind.SUSPECT_ARRESTED, LATE, subject="Suspect 1")
    work.record(ref, EventKind.DECIDED_NOT_TO_INVESTIGATE, LATE + timedelta(days=1))
    work.record(ref, EventKind.CONTACT_ATTEMPTED, LATE + timedelta(days=2), channel="phone")
    hearing = {"hearing_on": (MONDAY + timedelta(days=9)).date(), "hearing_type": "trial"}
    work.record(ref, EventKind.HEARING_LISTED, MONDAY, received=MONDAY, subject="Hearing 1", **hearing)
    return ref


def check(page: Page, where: str) -> None:
    """No violation at a desk; nothing to scroll sideways for on a telephone."""
    page.set_viewport_size(DESK)
    check_accessible(page, where)
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], f"{where} on a telephone"
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)")
    assert sorted(ids) == sorted(set(ids)), f"{where} has an id twice"
    page.set_viewport_size(DESK)


def check_errors(page: Page, where: str, button: str) -> None:
    """Send the form as it is, and check the page that says what is wrong: the focus is on the summary."""
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_selector(".govuk-error-summary:focus")
    assert page.title().startswith("Error: "), where
    for link in page.locator(".govuk-error-summary__list a").all():
        link.click()
        target = (link.get_attribute("href") or "").removeprefix("#")
        assert page.evaluate("document.activeElement.id") == target or target == "cases", f"{where}: {target}"
    check(page, f"{where}, with errors")


def check_storage(page: Page) -> None:
    assert page.evaluate("localStorage.length") == 0
    assert set(page.evaluate("Object.keys(sessionStorage)")) <= {"htmx-current-path-for-history"}
    assert page.evaluate("caches.keys()") == []


def opened(page: Page, desk: Desk) -> Callable[[str], None]:
    def open_and_check(path: str) -> None:
        page.goto(desk.address + path)
        check(page, path)

    return open_and_check


def test_the_pages_of_an_officer_are_accessible_and_fit_a_telephone(desk: Desk, sign_in: SignIn) -> None:
    ref = a_busy_case(desk)
    desk.casework.crime(*(f"Sample {number}" for number in range(26)))
    page = sign_in("officer")
    check(page, "today")
    visit = opened(page, desk)
    for path in ("/cases?late=true&tier=enhanced", "/cases?page=2", f"/cases/{ref}/events"):
        visit(path)
    page.goto(f"{desk.address}/cases/{ref}?recorded=suspect_arrested")
    for explained in page.locator("details summary").all()[:2]:
        explained.click()
    check(page, "a case, with something just recorded and two dates explained")
    visit("/cases/22222-22222")
    visit(f"/cases/{ref}/contacts/new")
    check_errors(page, "contact", "Record")
    visit("/crimes/new")
    page.get_by_role("button", name="Add another victim").click()
    check_errors(page, "crime with two victims", "Record the crime")
    visit(f"/cases/{ref}/events/hearing_listed")
    check_errors(page, "hearing", "Record")
    check_storage(page)


def test_the_page_of_two_at_one_time_is_accessible_and_fits(desk: Desk, sign_in: SignIn) -> None:
    ref = a_busy_case(desk)
    page = sign_in("officer")
    page.goto(f"{desk.address}/cases/{ref}/contacts/new")
    desk.casework.record(ref, EventKind.SUSPECT_CHARGED, subject="Suspect 1")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Letter").check()
    page.get_by_role("button", name="Record").click()
    page.get_by_role("heading", name="Recorded while you were writing").wait_for()
    check(page, "changed meanwhile")
    assert page.get_by_label("Letter").is_checked()


def test_the_pages_of_a_supervisor_are_accessible_and_fit_a_telephone(desk: Desk, sign_in: SignIn) -> None:
    a_busy_case(desk)
    desk.casework.case("Held Sample", at=LATE, officer="nobody", area="E99")
    page = sign_in("supervisor")
    check(page, "team")
    check_errors(page, "team", "Hand over")
    check_storage(page)


def test_a_day_without_work_is_accessible_and_fits(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in("stranger")
    check(page, "an empty day")
    opened(page, desk)("/cases")

"""The pages of officers and supervisors as they are while somebody works, and what each says when something is wrong.

For everybody, on any screen. Every address as it opens, and every form with nothing in it: `test_every_address.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.conftest import Desk, SignIn
from tests.web.casework import MONDAY
from tests.web.page_checker import check as check_accessible
from tests.web.systems import told_system
from victimcare.domain.event_kinds import EventKind

A_SAMPLE = Path(__file__).parents[2] / "docs/records/wide/victims-2026-06.csv"
LATE = MONDAY - timedelta(days=14)
WIDTH_AND_IDS = """[
  document.documentElement.scrollWidth,
  [...document.querySelectorAll("[id]")].map(element => element.id)
]"""
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
    page.wait_for_load_state()
    page.set_viewport_size(DESK)
    check_accessible(page, where)
    page.set_viewport_size(PHONE)
    width, ids = page.evaluate(WIDTH_AND_IDS)
    assert width <= PHONE["width"], f"{where} on a telephone"
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
    for path in ("/cases?late=true&tier=enhanced", "/cases?page=2", f"/cases/{ref}/journey?compact=true"):
        visit(path)
    page.goto(f"{desk.address}/cases/{ref}?recorded=suspect_arrested")
    for explained in page.locator("details summary").all()[:2]:
        explained.click()
    check(page, "a case, with something just recorded and two dates explained")
    visit("/cases/22222-22222")
    page.goto(f"{desk.address}/cases/{ref}/contacts/new")
    check_errors(page, "contact", "Record")
    page.goto(f"{desk.address}/crimes/new")
    page.get_by_role("button", name="Add another victim").click()
    check_errors(page, "crime with two victims", "Record the crime")
    visit(f"/cases/{ref}/events/hearing_adjourned?about=0")
    page.goto(f"{desk.address}/cases/{ref}/events/hearing_listed")
    check_errors(page, "hearing", "Record")
    check_storage(page)


def test_the_pages_about_contact_are_accessible_and_fit_a_telephone(desk: Desk, sign_in: SignIn) -> None:
    ref = a_busy_case(desk)
    page = sign_in("officer")
    visit, details = opened(page, desk), f"/cases/{ref}/contact-details"
    page.goto(f"{desk.address}{details}/new")
    check_errors(page, "a contact detail", "Add")
    page.get_by_label("Telephone", exact=True).check()
    page.get_by_label("Number or address").fill("07700 900123")
    page.get_by_label("Yes, they told me").check()
    page.get_by_label("Weekday afternoons").check()
    page.get_by_label("Anything else about when it is safe?").fill("When nobody else is at home, and never on Sundays")
    page.get_by_role("button", name="Add", exact=True).click()
    check(page, "contact details, one added")
    page.get_by_role("link", name="Use it").click()
    check(page, "before a number is shown")
    page.get_by_role("button", name="I know of nothing that has changed: show it").click()
    page.get_by_text("07700 900123").wait_for()
    check(page, "a number")
    page.get_by_role("button", name="Someone else answered").click()
    check(page, "someone else answered")
    page.get_by_role("link", name="The victim says it is safe").click()
    check(page, "confirming")
    page.get_by_role("button", name="They say it is safe").click()
    page.goto(f"{desk.address}{details}/suspect")
    check_errors(page, "a suspect's", "Add")
    visit(f"/cases/{ref}/contacts/new")
    page.goto(f"{desk.address}/cases/{ref}/notes")
    check_errors(page, "a note", "Save the note")
    page.get_by_label("Write a note").fill("She stays at LU1 2AB")
    page.get_by_role("button", name="Save the note").click()
    check(page, "a location in a note")
    page.get_by_role("button", name="Save anyway").click()
    check(page, "a note with its mark")
    check_storage(page)


def test_the_pages_of_a_protected_location_are_accessible_and_fit_a_telephone(desk: Desk, sign_in: SignIn) -> None:
    ref = a_busy_case(desk)
    page = sign_in("supervisor")
    visit, details = opened(page, desk), f"/cases/{ref}/contact-details"
    visit(f"{details}/protection")
    check_errors(page, "protecting", "Protect the location")
    page.get_by_label("Custodian").select_option("supervisor")
    page.get_by_label("Why is it protected?").fill("The suspect is looking for her")
    page.get_by_role("button", name="Protect the location").click()
    check(page, "protected, for the custodian")
    visit(f"{details}/protection")
    visit(f"{details}/protection/lift")
    visit(f"/cases/{ref}")
    page = sign_in("officer")
    visit = opened(page, desk)
    for path in (details, f"{details}/new", f"/cases/{ref}/contacts/new"):
        visit(path)


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
    page.goto(f"{desk.address}/team/reassign")
    check_errors(page, "hand cases over", "See what it would do")
    check_storage(page)


def test_a_day_without_work_is_accessible_and_fits(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in("stranger")
    check(page, "an empty day")
    opened(page, desk)("/cases")


def test_the_pages_of_a_victim_are_accessible_and_fit_a_telephone(desk: Desk, sign_in: SignIn) -> None:
    born_on = date(2011, 3, 4)
    ref = desk.casework.case("A Child Sample", at=LATE, born_on=born_on)
    desk.casework.case("A Child Sample", at=LATE, born_on=born_on)
    page = sign_in("officer")
    visit = opened(page, desk)
    for path, button in (
        ("needs", "See what it changes"),
        ("choices", "See what it changes"),
        ("identity", "See what this changes"),
        ("victims/new", "Add the victim"),
        ("told", "Record"),
        ("other-cases", "Propose the link"),
    ):
        page.goto(f"{desk.address}/cases/{ref}/{path}")
        check_errors(page, path, button)
    page.goto(f"{desk.address}/cases/{ref}/needs")
    page.get_by_label("Police", exact=True).check()
    page.get_by_label("At which stage?").select_option("report")
    page.get_by_label("Not asked yet").check()
    page.get_by_role("button", name="See what it changes").click()
    page.get_by_role("heading", name="Check before you record it").wait_for()
    check(page, "what an assessment changes")
    page.get_by_role("button", name="Record the assessment").click()
    page.get_by_role("heading", name="Recorded").wait_for()
    check(page, "the victim, with an assessment just recorded")
    page.goto(f"{desk.address}/cases/{ref}/identity")
    page.get_by_label("The right name, if it is wrong").fill("An Adult Sample")
    page.locator("#born_on-year").fill("1991")
    page.get_by_label("It was written down wrongly").check()
    page.get_by_role("button", name="See what this changes").click()
    page.get_by_role("heading", name="Check the correction").wait_for()
    check(page, "what a correction of the victim changes")
    page.get_by_role("button", name="Save the correction").click()
    visit(f"/cases/{ref}/identity")


def test_a_question_to_the_supervisor_is_accessible_and_fits_a_telephone(desk: Desk, sign_in: SignIn) -> None:
    ref = a_busy_case(desk)
    page = sign_in("officer")
    opened(page, desk)(f"/cases/{ref}/questions")
    check_errors(page, "a question", "Ask")
    page.get_by_label("What do you want to ask?").fill("May I write to her instead?")
    page.get_by_role("button", name="Ask").click()
    check(page, "a question asked")
    page = sign_in("supervisor")
    check(page, "a team with a question")
    page.goto(f"{desk.address}/team/waiting")
    check(page, "what waits, with a question")
    page.get_by_role("link", name="Answer").first.click()
    check_errors(page, "an answer", "Answer")


def test_the_pages_of_an_administrator_are_accessible_and_fit_a_telephone(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in("administrator")
    visit = opened(page, desk)
    visit("/people")
    visit("/people/new")
    check_errors(page, "somebody new", "Add")
    visit("/people/board")
    page.get_by_role("button", name="Give a one-time secret").click()
    page.get_by_role("heading", name="A one-time secret for").wait_for()
    check(page, "a secret")
    visit("/people/supervisor")
    visit("/people/teams")
    visit("/people/teams/new")
    check_errors(page, "a new team", "Add")
    visit("/people/teams/north")
    visit("/people/systems")
    visit("/people/systems/new")
    check_errors(page, "a new system", "Register")
    visit("/people/systems/profile?example=wide")
    page.get_by_label("A file of the export").set_input_files(A_SAMPLE)
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("heading", name="What “One row a victim” makes of it").wait_for()
    check(page, "a profile that was tried")
    visit(f"/people/systems/{told_system(desk.casework).id}/events")
    page.get_by_label("Address").fill("")
    check_errors(page, "where a system is told", "Save")
    visit("/escalation")


def test_the_pages_of_a_sign_in_are_accessible_and_fit_a_telephone(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in("officer")
    visit = opened(page, desk)
    visit("/sign-ins")
    visit("/your-notices")
    visit("/sign-in/again")
    check_errors(page, "proving again", "Go on")
    page.evaluate("document.getElementById('life').showModal()")
    check(page, "about to be signed out")

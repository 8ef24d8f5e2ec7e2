"""What cannot or need not be done, what a second person agrees, what was wrong: with JavaScript and without."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.test_a_working_day import duty
from tests.journeys.test_every_page import check, check_errors
from tests.web.casework import MONDAY
from victimcare.domain.event_kinds import EventKind

CORRECT_THE_ARREST = re.compile("Correct this.*Suspect arrested")
ARREST = "Tell the victim: suspect arrested (Suspect 1)"


def an_arrest(desk: Desk, victim: str) -> str:
    """A case with an arrest of yesterday to tell of, and a telephone call of this morning."""
    now = desk.casework.site.clock.now
    ref = desk.casework.case(victim, at=MONDAY)
    desk.casework.record(ref, EventKind.SUSPECT_ARRESTED, now - timedelta(days=1), subject="Suspect 1")
    desk.casework.record(ref, EventKind.CONTACT_MADE, now - timedelta(hours=1), channel="phone")
    return ref


def open_ending(page: Page, desk: Desk, ref: str) -> None:
    page.goto(f"{desk.address}/cases/{ref}")
    card = page.locator(".app-duty", has=page.get_by_role("heading", name=ARREST))
    card.get_by_role("link", name="It cannot or need not be done").click()


def test_a_victim_declines_and_a_supervisor_agrees_a_good_reason(desk: Desk, sign_in: SignIn, javascript: bool) -> None:
    declined, postponed = an_arrest(desk, "Wren Sample"), an_arrest(desk, "Robin Sample")
    page = sign_in("officer", javascript=javascript)
    open_ending(page, desk, declined)
    page.get_by_label("They do not want it", exact=True).check()
    page.get_by_role("button", name="Record").click()
    assert "Choose the contact in which they said so" in page.get_by_role("alert").inner_text()
    page.get_by_label("If they declined: in which contact?").select_option(index=1)
    page.get_by_role("button", name="Record").click()
    page.wait_for_url("**?recorded=duty_declined")
    assert "Declined" in duty(page, ARREST)
    open_ending(page, desk, postponed)
    page.get_by_label("It would harm the investigation or the prosecution").check()
    page.get_by_role("button", name="Record").click()
    page.wait_for_url("**?recorded=good_reason_requested")
    assert "A supervisor has not decided yet." in duty(page, ARREST)

    supervisor = sign_in("supervisor", javascript=javascript)
    supervisor.get_by_role("link", name="Good reasons to decide").click()
    supervisor.get_by_role("link", name=f"Decide on {postponed}").click()
    supervisor.get_by_label("I agree: it is a good reason").check()
    supervisor.get_by_role("button", name="Record the decision").click()
    supervisor.wait_for_url("**?recorded=good_reason_agreed")
    assert "Good reason" in duty(supervisor, ARREST)


def test_a_wrong_day_is_corrected_and_what_it_moves_is_seen_before(
    desk: Desk, sign_in: SignIn, javascript: bool
) -> None:
    ref = an_arrest(desk, "Jay Sample")
    page = sign_in("officer", javascript=javascript)
    page.goto(f"{desk.address}/cases/{ref}")
    assert "due Friday 29 May 2026" in duty(page, ARREST)
    page.get_by_role("link", name=CORRECT_THE_ARREST).click()
    page.get_by_label("A date or a detail was wrong").check()
    page.get_by_role("textbox", name="Day").first.fill("20")
    page.get_by_role("button", name="See what this changes").click()
    expect(page.get_by_role("heading", name="What this changes (1)")).to_be_visible()
    assert "Thursday 28 May 2026" in page.locator(".app-moves").inner_text()
    page.get_by_role("button", name="Change what I typed").click()
    expect(page.get_by_role("textbox", name="Day").first).to_have_value("20")
    page.get_by_role("button", name="See what this changes").click()
    page.get_by_role("button", name="Save the correction").click()
    page.wait_for_url("**?recorded=suspect_arrested&corrected=true")
    assert "due Thursday 28 May 2026" in duty(page, ARREST)
    assert page.get_by_text("Corrected later").count() == 1


def test_a_call_is_linked_to_what_it_answered_too(desk: Desk, sign_in: SignIn, javascript: bool) -> None:
    ref = an_arrest(desk, "Martin Sample")
    page = sign_in("officer", javascript=javascript)
    page.goto(f"{desk.address}/cases/{ref}")
    page.get_by_role("link", name="It also answered something").click()
    page.get_by_label(ARREST).check()
    page.get_by_role("button", name="Link them").click()
    page.wait_for_url("**?recorded=also_answered")
    assert "Met" in duty(page, ARREST)


def test_these_pages_are_accessible_and_fit_a_telephone(desk: Desk, sign_in: SignIn) -> None:
    ref = an_arrest(desk, "Wren Sample")
    page, supervisor = sign_in("officer"), sign_in("supervisor")
    open_ending(page, desk, ref)
    check(page, "a duty that ends otherwise")
    check_errors(page, "a duty that ends otherwise", "Record")
    page.get_by_label("An emergency took everybody who could have done it").check()
    page.get_by_role("button", name="Record").click()
    page.wait_for_url("**?recorded=good_reason_requested")
    check(page, "a case with a good reason asked for")
    check(supervisor.goto(f"{desk.address}/team/waiting") and supervisor, "the team with a good reason to decide")
    supervisor.get_by_role("link", name=f"Decide on {ref}").click()
    supervisor.wait_for_url("**/decision")
    check(supervisor, "a decision")
    check_errors(supervisor, "a decision", "Record the decision")
    page.get_by_role("link", name="It also answered something").click()
    page.wait_for_url("**/answers")
    check(page, "what a contact also answered")
    check_errors(page, "what a contact also answered", "Link them")
    page.goto(f"{desk.address}/cases/{ref}")
    page.get_by_role("link", name=CORRECT_THE_ARREST).click()
    page.wait_for_url("**/corrections/**")
    check(page, "a correction")
    check_errors(page, "a correction", "See what this changes")
    page.get_by_label("It never happened").check()
    page.get_by_role("button", name="See what this changes").click()
    page.get_by_role("button", name="Save the correction").wait_for()
    check(page, "what a correction changes")
    page.goto(f"{desk.address}/cases/{ref}/void")
    check(page, "a case to make void")
    check_errors(page, "a case to make void", "Ask for it")

"""A contact is recorded in a minute: from signing in, in four pages, with what was asked for and what was promised."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.test_every_page import check
from tests.web.casework import MONDAY
from victimcare.domain.event_kinds import EventKind

LATE = MONDAY - timedelta(days=14)


def test_a_contact_with_all_that_goes_with_it_takes_four_pages_from_sign_in(
    desk: Desk, sign_in: SignIn, javascript: bool
) -> None:
    ref = desk.casework.case("Wren Sample", at=LATE)
    desk.casework.record(ref, EventKind.SUSPECT_ARRESTED, LATE, subject="Suspect 1")
    page = sign_in("officer", javascript=javascript)
    page.wait_for_load_state()
    pages, started = ["sign in", "today"], monotonic()
    page.on("domcontentloaded", lambda loaded: pages.append(loaded.url))
    row = page.locator("#overdue tr", has_text=ref).filter(has_text="suspect arrested")
    row.get_by_role("link", name="Record contact").click()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Phone call").check()
    page.get_by_label("Going to court").check()
    page.get_by_label("Their property").check()
    for part, value in (("day", "26"), ("month", "5"), ("year", "2026")):
        page.locator(f"#next_contact_on-{part}").fill(value)
    page.get_by_label("Note", exact=True).fill("Would rather be rung in the evening.")
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_url(f"{desk.address}/cases/{ref}?recorded=contact_made")
    assert monotonic() - started < 60
    assert len(pages) <= 4, pages
    assert "Promised: contact by Tuesday 26 May 2026" in page.inner_text("#promise")
    assert "Going to court" in page.inner_text("body")
    page.get_by_role("link", name="Today").click()
    soon = page.locator("#due-soon")
    assert f"{ref} Wren Sample. Promised: contact by Tuesday 26 May 2026." in soon.inner_text()


def test_a_victim_whom_nobody_reaches_is_seen_on_every_page(desk: Desk, sign_in: SignIn) -> None:
    ref = desk.casework.case("Robin Example", at=LATE)
    for days in range(2):
        desk.casework.record(ref, EventKind.CONTACT_ATTEMPTED, LATE + timedelta(days=days), channel="phone")
    page = sign_in("officer")
    page.goto(f"{desk.address}/cases/{ref}/contacts/new")
    check(page, "a contact")
    page.get_by_label("No, someone else answered").check()
    page.get_by_label("Phone call").check()
    page.get_by_label("Note", exact=True).fill("She stays at LU1 2AB")
    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_role("heading", name="Before you continue").wait_for()
    check(page, "a location in the note of a contact")
    page.get_by_role("button", name="Save anyway").click()
    page.get_by_text("3 attempts in a row did not reach the victim").wait_for()
    check(page, "a case whose victim nobody reaches")
    page.get_by_role("link", name="Today").click()
    assert f"{ref} Robin Example, 3 attempts." in page.inner_text("#unreached")
    check(page, "a day with a victim whom nobody reaches")
    page = sign_in("supervisor")
    page.goto(f"{desk.address}/team/waiting")
    assert f"{ref} Robin Example: 3 attempts" in page.inner_text("body")
    check(page, "a team with a victim whom nobody reaches")

"""What people come to do, each once with JavaScript and once without."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk, SignIn
from tests.web.casework import MONDAY
from victimcare.domain.event_kinds import EventKind

LATE = MONDAY - timedelta(days=14)


def an_arrest_not_told(desk: Desk, victim: str) -> str:
    """A case in which the victim should have been told of an arrest days ago."""
    ref = desk.casework.case(victim, at=LATE)
    desk.casework.record(ref, EventKind.SUSPECT_ARRESTED, LATE, subject="Suspect 1")
    return ref


def duty(page: Page, title: str) -> str:
    """What the case page says of the duty of this title."""
    return page.locator(".app-duty", has=page.get_by_role("heading", name=title)).inner_text()


def test_an_officer_meets_an_overdue_duty_within_four_pages(desk: Desk, sign_in: SignIn, javascript: bool) -> None:
    ref = an_arrest_not_told(desk, "Wren Sample")
    page = sign_in("officer", javascript=javascript)
    pages = [page.title()]
    page.on("domcontentloaded", lambda loaded: pages.append(loaded.url))
    row = page.locator("#overdue tr", has_text=ref).filter(has_text="Tell the victim: suspect arrested")
    assert "Overdue by" in row.inner_text()
    row.get_by_role("link", name="Record contact").click()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Phone call").check()
    expect(page.get_by_label("Tell the victim: suspect arrested (Suspect 1)")).to_be_checked()
    page.get_by_role("button", name="Record").click()
    page.wait_for_url(f"{desk.address}/cases/{ref}?recorded=contact_made")
    assert page.get_by_role("alert").inner_text().split() == ["Recorded", "Contact", "with", "the", "victim"]
    assert "Met late" in duty(page, "Tell the victim: suspect arrested (Suspect 1)")
    assert len(pages) <= 4, pages
    page.get_by_role("link", name="Today").click()
    rows = page.locator("#overdue tr", has_text=ref)
    assert not any("suspect arrested" in text for text in rows.all_inner_texts())


def test_an_arrest_is_recorded_and_its_deadline_explained(desk: Desk, sign_in: SignIn, javascript: bool) -> None:
    ref = desk.casework.case("Wren Sample")
    page = sign_in("officer", javascript=javascript)
    page.goto(f"{desk.address}/cases/{ref}")
    page.get_by_role("link", name="Record what happened").or_(
        page.get_by_role("button", name="Record what happened")
    ).click()
    page.get_by_role("link", name="Suspect arrested").click()
    page.get_by_role("button", name="Record").click()
    summary = page.get_by_role("alert")
    assert "Enter which suspect it is about" in summary.inner_text()
    assert page.title() == "Error: Suspect arrested - victimcare"
    page.get_by_label("Suspect", exact=True).fill("Suspect 1")
    page.get_by_role("button", name="Record").click()
    page.wait_for_url(f"{desk.address}/cases/{ref}?recorded=suspect_arrested")
    card = page.locator(".app-duty", has_text="Tell the victim: suspect arrested")
    card.locator("summary").click()
    assert "A suspect was arrested on Friday 22 May 2026." in card.inner_text()
    assert "Spring bank holiday" in card.inner_text()


def test_a_supervisor_hands_cases_over(desk: Desk, sign_in: SignIn, javascript: bool) -> None:
    refs = [an_arrest_not_told(desk, f"Sample {number}") for number in range(2)]
    page = sign_in("supervisor", javascript=javascript)
    assert page.url == f"{desk.address}/team"
    page.get_by_role("link", name="Hand cases over").click()
    page.get_by_role("button", name="See what it would do").click()
    assert "Choose one or more cases" in page.get_by_role("alert").inner_text()
    for ref in refs:
        page.get_by_label(f"Choose {ref}").check()
    page.get_by_label("New case officer").select_option("colleague")
    page.get_by_label("Reason").fill("leave until June")
    page.get_by_role("button", name="See what it would do").click()
    page.get_by_role("button", name="Reassign 2 cases").click()
    expect(page.get_by_text("2 cases to Example Colleague")).to_be_visible()
    theirs = sign_in("colleague", javascript=javascript)
    for ref in refs:
        assert theirs.locator("#overdue tr", has_text=ref).count()


def test_a_case_is_found_by_name_and_no_address_tells_it(desk: Desk, sign_in: SignIn, javascript: bool) -> None:
    ref = desk.casework.case("Canary Bird")
    page = sign_in("officer", javascript=javascript)
    page.get_by_label("Find by name, reference, telephone number or e-mail address").fill("canary")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desk.address}/cases?status=any&search=*")
    page.locator("tbody").get_by_role("link", name=ref).click()
    page.wait_for_url(f"{desk.address}/cases/{ref}")
    assert page.title() == f"Case {ref} - victimcare"
    assert "Canary Bird" in page.inner_text("body")


def test_the_board_sees_no_case(desk: Desk, sign_in: SignIn, javascript: bool) -> None:
    ref = desk.casework.case("Canary Bird")
    page = sign_in("board", javascript=javascript)
    assert page.url == f"{desk.address}/board"
    assert page.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts() == ["Board"]
    for path in ("/", "/cases", f"/cases/{ref}", f"/cases/{ref}/contacts/new", "/team"):
        page.goto(desk.address + path)
        assert page.get_by_role("heading", level=1).inner_text() == "Your role does not include this page"
        assert "Canary" not in page.content()


def test_after_signing_out_back_shows_no_case(desk: Desk, sign_in: SignIn, javascript: bool) -> None:
    ref = desk.casework.case("Canary Bird")
    page = sign_in("officer", javascript=javascript)
    page.goto(f"{desk.address}/cases/{ref}")
    assert "Canary Bird" in page.content()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{desk.address}/sign-in")
    page.go_back()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert "Canary Bird" not in page.content()
    page.goto(f"{desk.address}/cases/{ref}")
    assert page.url == f"{desk.address}/sign-in?next=/cases/{ref}"

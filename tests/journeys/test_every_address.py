"""Every address of the service in a browser: as it opens, with nothing in its form, and when it turns somebody away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.test_every_page import check, check_errors
from tests.web.casework import MONDAY
from tests.web.every_form import BORN, routes
from tests.web.furnished import Furnished, furnish
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed
from victimcare.store import breaches
from victimcare.store.dues import DUES
from victimcare.store.vault import Vault

LATE = MONDAY - timedelta(days=20)
NO_PAGES = {
    "/health",
    "/health/live",
    "/health/ready",
    "/board/actions/new",
    "/board/compliance/file",
    "/board/months/changes/new",
    "/board/months/file",
    "/board/support/file",
    "/board/packs/file",
    "/{path:path}",
} | {
    "/sign-in/provider",
    "/sign-in/provider/back",
    "/signed-out",
}
NOT_SIGNED_IN = {"/sign-in", "/welcome"}
CASE = "/cases/{ref}"
WHO = ("officer", "supervisor", "board", "administrator", "editor", "reviewer", "lead", "helper", "clerk")
AFTER_A_VICTIM_WAS_ADDED = "/cases/{ref}/victims/added"
WHAT_WAS_KEPT = "/kept-forms/{kept_id}"  # tests/web/test_sign_in_life.py
QUERIES = {"/cases/{ref}/messages/new": "?template=arrest"}
FORMS = {
    "/crimes/new": "Record the crime",
    "/messages/new": "Leave the message",
    "/feedback": "Keep the answers",
    "/leave": "Name the cover",
    f"{CASE}/closing": "Close the case",
    f"{CASE}/contacts/{{key}}/answers": "Link them",
    f"{CASE}/corrections/{{kind}}/{{key}}": "See what this changes",
    f"{CASE}/duties/{{duty}}/cause": "Record",
    f"{CASE}/duties/{{duty}}/ending": "Record",
    f"{CASE}/events/{{kind}}": "Record",
    f"{CASE}/hand-over": "Save",
    f"{CASE}/messages/new": "Look at it before it goes",
    f"{CASE}/support/outgoing/{{referral_id}}/handed-over": "Record",
    f"{CASE}/support/refer/{{service_id}}": "Make it ready to print",
    f"{CASE}/support/referrals/{{key}}/{{step}}": "Record",
    f"{CASE}/told/end": "Record, from today",
    f"{CASE}/void": "Ask for it",
}
"""Forms that no other test sends with nothing in them, and their buttons."""
EMPTY_ALL = """() => {
  for (const field of document.querySelectorAll("main input:not([type=hidden]), main textarea, main select")) {
    if (field.type === "radio" || field.type === "checkbox") field.checked = false
    else field.value = ""
  }
}"""


@pytest.fixture
def case(desk: Desk) -> Furnished:
    """A case with something of everything, and a good reason to decide on."""
    work = desk.casework
    made = furnish(work, work.case("Wren Sample", at=LATE, born_on=BORN))
    ask_for_a_good_reason(desk, made)
    let_it_have_been_late(desk, made)
    work.case("Wren Sample", at=LATE, born_on=BORN)
    return made


def ask_for_a_good_reason(desk: Desk, case: Furnished) -> None:
    """Without which nothing waits for a decision."""
    work, duty = desk.casework, DutyNamed("R6-ARR", case.names["arrest"])
    late = work.site.clock.now - timedelta(days=1)
    work.record(case.ref, EventKind.GOOD_REASON_REQUESTED, late, duties=[duty], reason="victim_unwell")


def let_it_have_been_late(desk: Desk, case: Furnished) -> None:
    """Without which there is no cause to give."""
    rule, start_key = case.names["duty"].split(":")
    with desk.casework.site.database.writing() as connection:
        row = (
            connection.execute(select(DUES).where(DUES.c.rule == rule, DUES.c.start_key == start_key)).mappings().one()
        )
        breaches.write(connection, [row], now=desk.casework.site.clock.now)


def by_who_opens_them(desk: Desk, case: Furnished, perhaps: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """Every page there is, by the first of the people of a force who may open it; those that `perhaps` nobody may."""
    browsers = {who: desk.casework.site.sign_in(who) for who in WHO}
    opened: dict[str, list[str]] = {who: [] for who in WHO}
    for path in sorted(
        routes(desk.casework, "GET") - NO_PAGES - NOT_SIGNED_IN - {AFTER_A_VICTIM_WAS_ADDED, WHAT_WAS_KEPT}
    ):
        address = case.address(path + QUERIES.get(path, ""))
        who = next((who for who, browser in browsers.items() if browser.get(address).status_code == 200), None)
        assert who is not None or path in perhaps, f"nobody opens {address}"
        if who is not None:
            opened[who].append(address)
    return opened


def test_every_page_is_accessible_and_fits_a_telephone(desk: Desk, sign_in: SignIn, case: Furnished) -> None:
    for who, addresses in by_who_opens_them(desk, case).items():
        page = sign_in(who)
        for address in addresses:
            page.goto(desk.address + address)
            check(page, address)


def test_every_form_with_nothing_in_it_says_what_is_missing_to_everybody(
    desk: Desk, sign_in: SignIn, case: Furnished
) -> None:
    page = sign_in("officer")
    for path, button in FORMS.items():
        address = case.address(path + QUERIES.get(path, ""))
        page.goto(desk.address + address)
        page.evaluate(EMPTY_ALL)
        check_errors(page, address, button)


def test_the_page_after_a_victim_was_added_is_accessible_and_fits(desk: Desk, sign_in: SignIn, case: Furnished) -> None:
    page = sign_in("officer")
    page.goto(f"{desk.address}/cases/{case.ref}/victims/new")
    page.fill("#name_1", "Lark Sample")
    page.get_by_role("button", name="Add the victim").click()
    page.wait_for_url(f"**{case.address(AFTER_A_VICTIM_WAS_ADDED)}?*")
    check(page, "a victim added")


def test_who_is_turned_away_reads_why_and_where_to_go(desk: Desk, sign_in: SignIn, case: Furnished) -> None:
    page = sign_in("officer")
    turned_away(page, desk, "/team", 403)
    turned_away(page, desk, "/nowhere", 404)
    turned_away(page, desk, f"/cases/{case.ref}/contact-details/no-such-point", 404)
    page.goto(f"{desk.address}/cases/{case.ref}/closing")
    page.evaluate("document.querySelector('main form [name=csrf_token]').value = 'another'")
    page.get_by_role("button", name="Close the case").click()
    page.get_by_role("heading", name="This page is out of date").wait_for()
    check(page, "a form that is not ours")
    form_key = ""
    for _ in ("once", "twice"):
        page.goto(f"{desk.address}/cases/{case.ref}/notes")
        key = page.locator("main form [name=form_key]")
        form_key = form_key or key.input_value()
        key.evaluate("(field, key) => field.value = key", form_key)
        page.get_by_label("Write a note").fill("Rang back")
        page.get_by_role("button", name="Save the note").click()
    page.get_by_role("heading", name="You already sent this").wait_for()
    check(page, "a form sent twice")


def test_a_vault_that_does_not_open_says_so(desk: Desk, sign_in: SignIn, case: Furnished) -> None:
    page, state = sign_in("officer"), desk.casework.site.app.state
    vault, state.vault = state.vault, Vault(bytes(31) + b"1")
    try:
        turned_away(page, desk, f"/cases/{case.ref}/victim", 503)
    finally:
        state.vault = vault
        desk.complaints.clear()


def test_a_case_on_which_nothing_was_recorded_yet_says_so_on_each_page(desk: Desk, sign_in: SignIn) -> None:
    ref = desk.casework.case(None)
    page = sign_in("officer")
    for part in (
        "",
        "/contact-details",
        "/messages",
        "/notes",
        "/questions",
        "/support",
        "/left-messages",
        "/hand-over",
    ):
        page.goto(f"{desk.address}/cases/{ref}{part}")
        check(page, f"{part}, empty")
    page.goto(f"{desk.address}/cases")
    page.get_by_label("Find by name").fill("nobody of this name")
    page.get_by_role("button", name="Find").click()
    page.get_by_text("nobody of this name").first.wait_for()
    check(page, "nothing found")


def test_a_case_that_is_closed_void_or_protected_is_accessible_on_its_main_pages(desk: Desk, sign_in: SignIn) -> None:
    work, page = desk.casework, sign_in("officer")
    closed, void = work.case("Closed Sample"), work.case("Void Sample")
    work.record(closed, EventKind.CASE_CLOSED)
    work.record(void, EventKind.CASE_VOIDED, reason="duplicate", second_person="supervisor")
    for ref in (closed, void):
        for part in ("", "/journey", "/void", "/print/record"):
            page.goto(f"{desk.address}/cases/{ref}{part}")
            check(page, f"{part} of a case that is over")


def turned_away(page: Page, desk: Desk, path: str, status: int) -> None:
    answer = page.goto(desk.address + path)
    assert answer is not None
    assert answer.status == status, path
    desk.complaints.clear()
    check(page, f"{path}: {status}")

"""A victim is referred: the first service has no capacity, the second takes them. And the pages of the directory."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.test_every_page import check, check_errors


def refer(page: Page, service: str) -> None:
    page.get_by_role("link", name=f"Refer to {service}").click()
    page.get_by_label("Yes, they agreed").check()
    page.get_by_role("button", name="Make it ready to print").click()
    page.get_by_role("button", name="Open it to print").click()
    page.get_by_role("button", name="It was handed over").click()
    page.get_by_role("button", name="Record").click()
    page.get_by_role("heading", name="Support", exact=True).wait_for()


def take(page: Page, link: str, service: str, *, reason: str = "") -> None:
    page.locator("a", has_text=link).filter(has_text=service).click()
    if reason:
        page.get_by_label("Why did it refuse?").select_option(label=reason)
    page.get_by_role("button", name="Record").click()
    page.get_by_role("heading", name="Support", exact=True).wait_for()


def test_a_victim_is_refused_for_want_of_capacity_and_then_supported(
    desk: Desk, sign_in: SignIn, javascript: bool
) -> None:
    number = 1 if javascript else 2
    first, second = f"Example Alpha {number}", f"Example Beta {number}"
    for name in (first, second):
        desk.casework.service(name)
    ref = desk.casework.case("Wren Sample")
    desk.casework.safe_way(ref)
    page = sign_in("officer", javascript=javascript)
    page.locator("tr", has_text=ref).get_by_role("link", name="Refer").click()
    refer(page, first)
    assert "The referral was handed over" in page.get_by_role("alert").inner_text()
    take(page, "The service received it", first)
    take(page, "The service refused", first, reason="No capacity")
    assert "Refused: no capacity" in page.inner_text(".app-duty >> nth=0")
    refer(page, second)
    for link in ("The service accepted", "The service made contact", "Support started"):
        take(page, link, second)
    card = page.locator(".app-duty", has=page.get_by_role("heading", name=second)).first.inner_text()
    assert "The victim has support." in card
    page.goto(f"{desk.address}/cases/{ref}")
    assert "Support started" in page.inner_text(".moj-timeline")


def test_the_pages_of_support_are_accessible_and_fit_a_telephone(desk: Desk, sign_in: SignIn) -> None:
    service = desk.casework.service("Example Gamma")
    ref = desk.casework.case("A Victim With Rather A Long Double-Barrelled-Name")
    desk.casework.record(ref, "support_needs_asked", emotional=True, hate_crime=True)
    page = sign_in("officer")
    page.goto(f"{desk.address}/cases/{ref}/support")
    check(page, "support")
    page.goto(f"{desk.address}/cases/{ref}/support/refer/{service}")
    check(page, "refer")
    check_errors(page, "refer", "Make it ready to print")
    page.get_by_label("Yes, they agreed").check()
    page.get_by_label("I tell the service so").check()
    page.get_by_role("button", name="Make it ready to print").click()
    check(page, "support, with a referral on its way")
    page.get_by_role("button", name="Open it to print").click()
    check(page, "a referral to print")
    page.get_by_role("button", name="It was handed over").click()
    check(page, "handed over")
    page.get_by_role("button", name="Record").click()
    check(page, "support, with a referral")
    page.get_by_role("link", name="What was sent").click()
    check(page, "what was sent")
    page.go_back()
    page.get_by_role("link", name="The service refused").click()
    check_errors(page, "step", "Record")


def test_the_pages_of_the_directory_are_accessible_and_fit_a_telephone(desk: Desk, sign_in: SignIn) -> None:
    service = desk.casework.service("Example Delta", areas=frozenset({"E01"}), languages=frozenset({"pl"}), age_to=17)
    page = sign_in("editor")
    assert page.url == f"{desk.address}/directory"
    check(page, "directory")
    page.goto(f"{desk.address}/directory/{service}")
    check(page, "an entry")
    page.goto(f"{desk.address}/directory/new")
    check_errors(page, "a new entry", "Save")

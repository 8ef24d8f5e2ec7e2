"""The shell in a real browser: the keyboard, what it keeps, what the policy lets run, what a narrow screen shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.commands.test_second_factor import code_at
from tests.web.page_checker import check
from tests.web.site import PASSWORD, Site, an_invitation

WIDTHS = {"desk": 1280, "phone": 320}


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    """What the page's scripts threw and what the content security policy refused: nothing, in the end."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda message: found.append(message.text) if "Security Policy" in message.text else None)
    yield found
    assert found == []


def sign_in(page: Page, address: str, who: str = "supervisor") -> None:
    page.goto(f"{address}/sign-in?next=/help")
    page.fill("#username", who)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/help")


def test_somebody_signs_in_and_out_by_keyboard(page: Page, address: str, faults: list[str]) -> None:
    page.goto(f"{address}/sign-in?next=/help")
    press_until(page, "username")
    page.keyboard.type("supervisor")
    press_until(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/help")
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/sign-in")


def test_the_first_stop_of_the_keyboard_leads_past_the_navigation(page: Page, address: str) -> None:
    sign_in(page, address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main-content"


def test_an_error_moves_the_focus_to_what_is_wrong(page: Page, address: str, faults: list[str]) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector(".govuk-error-summary:focus")
    assert page.title() == "Error: Sign in - victimcare"
    page.get_by_role("link", name="Enter your password").click()
    assert page.evaluate("document.activeElement.id") == "password"


def test_after_signing_out_nothing_is_left_and_back_leads_nowhere(page: Page, address: str, faults: list[str]) -> None:
    sign_in(page, address)
    token = page.context.cookies()[0]["value"]
    page.goto(f"{address}/help?page=2")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{address}/sign-in")
    page.go_back()
    assert page.get_by_role("button", name="Sign out").count() == 0
    assert token not in [cookie["value"] for cookie in page.context.cookies()]
    assert page.evaluate("localStorage.length") == 0
    assert page.evaluate("Object.keys(sessionStorage)") in ([], ["htmx-current-path-for-history"]), "an address only"
    assert page.evaluate("indexedDB.databases()") == []
    assert page.evaluate("navigator.serviceWorker?.controller ?? null") is None


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_pages_are_accessible_and_never_scroll_sideways(
    page: Page, address: str, faults: list[str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/sign-in", "/help", "/accessibility", "/nowhere"):
        page.goto(address + path)
        check(page, path)
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name="Sign in").click()
    check(page, "errors")
    sign_in(page, address)
    check(page, "signed in")


def test_everything_is_done_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, address)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{address}/sign-in")
    context.close()


def test_the_first_page_is_light_and_the_next_ones_lighter(page: Page, address: str) -> None:
    """U26: at most 150 kB at first, 20 kB after."""
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(sum(request.sizes().values())))
    page.goto(f"{address}/sign-in", wait_until="networkidle")
    assert sum(sizes) < 150_000
    sizes.clear()
    page.goto(f"{address}/help", wait_until="networkidle")
    assert sum(sizes) < 20_000


def press_until(page: Page, name: str) -> None:
    """Tab to the field of this name, as somebody without a mouse does."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_setting_up_an_account_is_accessible_and_fits_a_telephone(
    page: Page, sqlite_site: Site, address: str, faults: list[str]
) -> None:
    page.goto(f"{address}/welcome")
    check(page, "/welcome")
    page.get_by_label("One-time secret").fill(an_invitation(sqlite_site))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("img", name="The key as a QR code").wait_for()
    check(page, "setting up")
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS["phone"]
    key = (page.locator("code").text_content() or "").replace(" ", "")
    page.get_by_label("Password", exact=True).fill("lantern gravel otter 7")
    page.get_by_role("button", name="Show password").click()
    assert page.get_by_label("Password", exact=True).get_attribute("type") == "text"
    page.get_by_label("Code that the app shows now").fill(code_at(sqlite_site.clock.now, key))
    page.get_by_role("button", name="Set up", exact=True).click()
    page.get_by_role("heading", name="You can sign in now").wait_for()
    check(page, "recovery codes")
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS["phone"]

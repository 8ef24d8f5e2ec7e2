"""The board's page as a browser shows it: for everybody, at a desk and on a telephone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.published import publish
from tests.web.page_checker import check
from tests.web.routes.test_board import with_victims
from tests.web.site import Site
from tests.web.test_browser import sign_in
from victimcare.domain.law import Law
from victimcare.domain.quarter import Quarter

SMALLEST_TEXT = 12


@pytest.mark.parametrize(("width", "shape"), [(1280, "wide"), (320, "narrow")])
def test_it_is_accessible_and_one_chart_fits_and_can_be_read(
    page: Page, address: str, sqlite_site: Site, law: Law, width: int, shape: str
) -> None:
    with_victims(sqlite_site, law)
    publish(sqlite_site.database, law, [Quarter(2025, 4)], sqlite_site.clock.now)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, address, "board")
    for path in ("", "/compliance", "/compliance?by=rule&since=2025-q4", "/months", "/gaps"):
        page.goto(f"{address}/board{path}")
        check(page, f"board{path} at {width}")
    page.goto(f"{address}/board/referrals")
    check(page, f"referrals at {width}")
    charts = page.locator("svg.app-chart")
    shown = [charts.nth(index) for index in range(charts.count()) if charts.nth(index).is_visible()]
    assert [chart.get_attribute("class") for chart in shown] == [f"app-chart app-chart--{shape}"]
    heights = shown[0].locator("text").evaluate_all("all => all.map(text => text.getBoundingClientRect().height)")
    assert len(heights) > 10
    assert min(heights) >= SMALLEST_TEXT
    outside = shown[0].evaluate(
        "svg => [...svg.querySelectorAll('text')]"
        ".filter(text => text.getBoundingClientRect().right > svg.getBoundingClientRect().right + 1)"
        ".map(text => text.textContent)"
    )
    assert outside == []


def test_no_table_scrolls_sideways_on_a_telephone(page: Page, address: str, sqlite_site: Site, law: Law) -> None:
    with_victims(sqlite_site, law)
    publish(sqlite_site.database, law, [Quarter(2025, 4)], sqlite_site.clock.now)
    page.set_viewport_size({"width": 320, "height": 900})
    sign_in(page, address, "board")
    for path, table in (("behind", "tried-table"), ("support", "support-table")):
        page.goto(f"{address}/board/{path}")
        assert page.locator(f"#{table} td[data-label]").count() == page.locator(f"#{table} td").count() > 0, path
        assert page.evaluate("document.querySelector('.app-wide').scrollWidth") <= 320, path
    of_all = page.locator("#support-table .app-figures__all td").first
    assert of_all.evaluate("cell => getComputedStyle(cell).borderTopWidth") == "0px"


def test_a_period_is_chosen_by_keyboard_without_script(page: Page, address: str, sqlite_site: Site, law: Law) -> None:
    with_victims(sqlite_site, law)
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    plain = context.new_page()
    sign_in(plain, address, "board")
    plain.goto(f"{address}/board/compliance")
    plain.get_by_label("Period").select_option("2026-q1")
    plain.get_by_role("button", name="Show").press("Enter")
    plain.wait_for_url(f"{address}/board/compliance?period=2026-q1&by=right")
    assert plain.get_by_role("heading", name="January to March 2026").count() == 1
    context.close()

"""A meeting of the board: its secretariat looks whether anything changed, and where, and takes the figures along."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.journeys.conftest import Desk, SignIn
from tests.web.routes.test_board import with_victims


@pytest.fixture(scope="module", autouse=True)
def published(place: Desk) -> None:
    """50 victims of February, and the figures of that quarter."""
    with_victims(place.casework.site, place.casework.law)


with_and_without = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])


@with_and_without
def test_the_figures_of_a_meeting(desk: Desk, sign_in: SignIn, javascript: bool, tmp_path: Path) -> None:
    page = sign_in("board", javascript=javascript)
    summary = page.locator("#summary-table tbody")
    assert "23.2%" in summary.inner_text()

    summary.get_by_role("link", name="Too few months to judge").click()
    page.get_by_role("heading", name="Police: 1 month, too few to judge").wait_for()

    page.get_by_role("link", name="Duties met in time").click()
    page.get_by_label("By", exact=True).select_option("area")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(f"{desk.address}/board/compliance?period=2026-q1&by=area")
    shown = [cells_of(row) for row in page.locator("#compliance-table tbody tr").all()]
    assert [row[0] for row in shown] == ["Police", "Luton", "All"]
    assert shown[1][1:5] == ["23.2%", "18.4% to 28.8%", "250", "58"]

    page.get_by_role("link", name="Both tables as one CSV file").click()
    page.get_by_label("For a meeting of the board").check()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take the file").click()
    taken.value.save_as(tmp_path / "figures.csv")
    rows = list(csv.DictReader((tmp_path / "figures.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["Name of line"], row["Met"], row["Duties counted"]) for row in rows] == [
        ("Luton", "58", "250"),
        ("All", "58", "250"),
    ]

    page.goto(f"{desk.address}/board/files")
    assert "2026-q1-by-area" in page.inner_text("main")


def cells_of(row: Locator) -> list[str]:
    cells = row.locator("th, td").all_inner_texts()
    return [cell.strip() for cell in cells]


def test_nothing_on_the_way_leads_to_a_case(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in("board")
    seen, waiting = set[str](), ["/board"]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        page.goto(desk.address + path)
        waiting += [link for link in links_of(page) if link not in seen and link not in waiting]
    assert {"/board/compliance", "/board/months", "/board/referrals", "/board/gaps", "/board/files"} <= seen
    assert not [path for path in seen if path.startswith(("/cases", "/team", "/people"))]


def links_of(page: Page) -> list[str]:
    """Where the page leads on this site, without what stands behind a #."""
    found = page.locator("main a[href^='/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return [link.partition("#")[0] for link in found]

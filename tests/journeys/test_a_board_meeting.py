"""A meeting of the board: its secretariat looks whether anything changed, and where, and takes the figures along."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pypdf
import pytest
import python_calamine
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.officer import typed
from tests.journeys.test_every_page import check
from tests.web.routes.test_board import with_victims
from victimcare.jobs import tasks
from victimcare.jobs.work import Work


@pytest.fixture(scope="module", autouse=True)
def published(place: Desk) -> None:
    """50 victims of February, and the figures of that quarter."""
    with_victims(place.casework.site, place.casework.law)


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


def test_a_pack_is_made_read_and_taken(desk: Desk, sign_in: SignIn, tmp_path: Path) -> None:
    """The secretariat asks for the papers, waits for the job, and takes them to print, to work with and to read."""
    page = sign_in("board")
    page.goto(f"{desk.address}/board/packs")
    page.get_by_role("button", name="Ask for a pack").click()
    page.get_by_role("status").get_by_role("link", name="look again").wait_for()
    site = desk.casework.site
    work = Work(site.database, desk.casework.law, channel=None, now=site.clock.now, clock=lambda: site.clock.now)  # type: ignore[arg-type]
    assert tasks.make_packs(work).summary == "1 pack made"
    page.get_by_role("status").get_by_role("link", name="look again").click()
    check(page, "the packs")
    taken = {one: take(page, desk, one, tmp_path) for one in ("PDF", "Spreadsheet", "CSV files", "Web page")}
    printed = pypdf.PdfReader(BytesIO(taken["PDF"]))
    assert "Police met 23.2% of 250 duties in time" in " ".join(printed.pages[0].extract_text().split())
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(taken["Spreadsheet"]))
    assert book.sheet_names[0] == "Cover"
    with ZipFile(BytesIO(taken["CSV files"])) as files:
        rows = csv.DictReader(StringIO(files.read("duties-by-right.csv").decode()))
        assert [row["Duties counted"] for row in rows][-1] == "250"
        assert "csv-metadata.json" in files.namelist()
    (tmp_path / "pack.html").write_bytes(taken["Web page"])
    page.goto((tmp_path / "pack.html").as_uri())
    page.get_by_role("link", name="What these figures do not tell").click()
    expect(page.get_by_role("heading", name="What these figures do not tell")).to_be_in_viewport()


def take(page: Page, desk: Desk, name: str, folder: Path) -> bytes:
    """A file of the pack, and the page of packs again."""
    page.goto(f"{desk.address}/board/packs")
    page.get_by_role("link", name=re.compile(f"^{name}")).first.click()
    page.get_by_label("For a meeting of the board").check()
    with page.expect_download() as started:
        page.get_by_role("button", name="Take the file").click()
    started.value.save_as(folder / name)
    return (folder / name).read_bytes()


def test_an_action_is_recorded_and_looked_at_again(desk: Desk, sign_in: SignIn, javascript: bool) -> None:
    page = sign_in("board", javascript=javascript)
    page.goto(f"{desk.address}/board/actions")
    page.get_by_role("link", name="Record a new action").click()
    page.get_by_role("button", name="Record the action").click()
    expect(page.get_by_role("alert").first).to_contain_text("There is a problem")
    page.get_by_label("What is to be done?").fill("Ring every victim on the day of an arrest")
    page.get_by_label("Which figure should move?").select_option("police")
    page.get_by_label("Up", exact=True).check()
    page.get_by_label("Which agency does it?").select_option("police")
    typed(page, "decided_on", "20 5 2026")
    typed(page, "due_on", "1 9 2026")
    page.get_by_role("button", name="Record the action").click()
    expect(page.get_by_role("alert")).to_contain_text("The action is recorded")
    row = page.locator("#actions-table tbody tr").first
    expect(row).to_contain_text("Not yet known")
    row.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("January to March 2026")


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

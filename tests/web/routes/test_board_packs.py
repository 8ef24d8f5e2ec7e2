"""The board's packs: asked for on a page, made by a job, taken as files are, and reached by nobody else."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as BrowserPage
from sqlalchemy import select, update

from tests.packs import made_pack
from tests.web.page import Page
from tests.web.page_checker import WCAG
from tests.web.routes.test_board import page_of, with_victims
from tests.web.site import Site
from victimcare.domain.board_pack import FORM
from victimcare.domain.law import Law
from victimcare.jobs import tasks
from victimcare.jobs.work import Work
from victimcare.presentation.board_pack import html, pdf
from victimcare.store.board_packs import PACK_FILES, PACKS
from victimcare.store.exports import EXPORTS

CHECKED = {"runOnly": WCAG, "resultTypes": ["violations"], "preload": False}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFs take long: tests/presentation/test_board_pack_files.py has one."""
    monkeypatch.setattr(pdf, "pdf_bytes", lambda page: b"%PDF-1.7 " + page[:20])


@pytest.fixture
def worked(site: Site, law: Law) -> Site:
    return with_victims(site, law)


@pytest.fixture
def sqlite_worked(sqlite_site: Site, law: Law) -> Site:
    return with_victims(sqlite_site, law)


def ask(site: Site, **chosen: str) -> Any:
    browser = site.sign_in("board")
    form = Page(browser.get("/board/packs").text).form("/board/packs")
    return browser.post("/board/packs", form.filled(**{"period": "2026-q1", **chosen}))


def run_job(site: Site, law: Law) -> tasks.Done:
    work = Work(site.database, law, channel=None, now=site.clock.now, clock=lambda: site.clock.now)  # type: ignore[arg-type]
    return tasks.make_packs(work)


def rows(site: Site, table: Any) -> list[Any]:
    with site.database.reading() as connection:
        return list(connection.execute(select(table)).all())


def test_a_pack_is_asked_for_made_and_taken(worked: Site, law: Law) -> None:
    answer = ask(worked)
    assert (answer.status_code, answer.headers["location"]) == (303, "/board/packs?asked=yes")
    assert "Waiting to be made." in page_of(worked, "/board/packs").text
    assert run_job(worked, law).summary == "1 pack made"
    page = page_of(worked, "/board/packs")
    assert "Asked for by" in page.text
    links = [link for link in page.links() if link.startswith("/board/packs/file?of=2026-q1-")]
    assert [link.rpartition("-")[2] for link in links] == ["pdf", "html", "ods", "csv", "json"]
    browser = worked.sign_in("board")
    for link, row in zip(sorted(links), sorted(rows(worked, PACK_FILES), key=lambda row: row.format), strict=True):
        before = Page(browser.get(link).text)
        assert row.sha256 in before.text
        taken = browser.post("/board/packs/file", before.form("/board/packs/file").filled(purpose="meeting"))
        assert taken.status_code == 200, taken.text
        assert sha256(taken.content).hexdigest() == row.sha256 == sha256(row.content).hexdigest()
        ending = {"csv": "zip"}.get(row.format, row.format)
        assert taken.headers["content-disposition"].endswith(f'-{row.format}.{ending}"')
    kept = rows(worked, EXPORTS)
    assert {(row.what, row.purpose, row.taken_by) for row in kept} == {("packs", "meeting", "board")}
    assert "Board pack, 2026-q1-" in page_of(worked, "/board/files").text
    assert ("disclosure", "board", "done") in {(row[0], row[2], row[3]) for row in worked.audit()}


def test_while_it_is_made_the_page_says_how_far_it_has_come(sqlite_worked: Site) -> None:
    ask(sqlite_worked)
    with sqlite_worked.database.writing() as connection:
        connection.execute(update(PACKS).values(started_at=sqlite_worked.clock.now, steps=6, steps_done=2))
    page = page_of(sqlite_worked, "/board/packs")
    assert "Being made: 2 of 6 parts." in page.text
    assert '<progress max="6" value="2"' in page.html


def test_it_is_held_against_the_period_before_unless_another_is_chosen(sqlite_worked: Site) -> None:
    for since in ("before", "none", "2026-q1"):
        ask(sqlite_worked, since=since)
    assert [row.baseline for row in rows(sqlite_worked, PACKS)] == [""], (
        "there is none before, and it is asked for once"
    )
    answer = ask(sqlite_worked, since="2026-q1")
    assert answer.status_code == 422
    assert "Choose a period that was over when the other began" in answer.text


@pytest.mark.parametrize("chosen", [{"period": "2019-q1"}, {"period": ""}, {"since": "2019-q1"}])
def test_nothing_is_asked_for_that_is_not_on_the_menu(sqlite_worked: Site, chosen: dict[str, str]) -> None:
    assert ask(sqlite_worked, **chosen).status_code in (404, 422)
    assert rows(sqlite_worked, PACKS) == []


def test_where_nothing_changed_the_page_says_which_pack_to_take(sqlite_worked: Site, law: Law) -> None:
    made_pack(sqlite_worked, law)
    ask(sqlite_worked, since="none")
    run_job(sqlite_worked, law)
    assert "Nothing has changed since pack" in page_of(sqlite_worked, "/board/packs").text


def test_a_pack_that_fails_is_said_and_can_be_asked_for_again(
    sqlite_worked: Site, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(html, "html_bytes", lambda _pack: 1 / 0)
        ask(sqlite_worked)
        done = run_job(sqlite_worked, law)
    assert (done.failures, done.summary) == (1, "0 packs made; 1 could not be made")
    assert "It could not be made." in page_of(sqlite_worked, "/board/packs").text
    assert run_job(sqlite_worked, law).summary == "0 packs made", "it is not tried for ever"
    ask(sqlite_worked)
    assert run_job(sqlite_worked, law).summary == "1 pack made"


def test_a_file_that_there_is_not_is_not_found(sqlite_worked: Site, law: Law) -> None:
    of = made_pack(sqlite_worked, law)
    browser = sqlite_worked.sign_in("board")
    period, name = of.removesuffix("-ods").rsplit("-", 1)
    others = (f"2026-q2-{name}-ods", f"{period}-{name[:-1]}-ods", f"{period}-{'0' * 12}-ods", f"{period}-{name}-exe")
    for other in ("", "ods", f"{period}-{'%' * 12}-ods", *others):
        assert browser.get("/board/packs/file", params={"of": other}).status_code == 404, other
    assert browser.get("/board/packs/file", params={"of": of}).status_code == 200


def test_a_pack_that_hides_less_than_is_hidden_today_is_given_to_nobody(sqlite_worked: Site, law: Law) -> None:
    of = made_pack(sqlite_worked, law)
    settings = sqlite_worked.app.state.settings
    sqlite_worked.app.state.settings = settings.model_copy(update={"small_numbers_below": 10})
    page = page_of(sqlite_worked, "/board/packs")
    assert "it is given to nobody any more" in page.text
    assert of not in page.html
    assert sqlite_worked.sign_in("board").get("/board/packs/file", params={"of": of}).status_code == 404


@pytest.mark.parametrize("who", ["officer", "supervisor", "administrator", "editor", "reviewer", "lead"])
def test_nobody_but_the_board_sees_or_asks_for_a_pack(sqlite_worked: Site, law: Law, who: str) -> None:
    of, browser = made_pack(sqlite_worked, law), sqlite_worked.sign_in(who)
    assert browser.get("/board/packs").status_code == 403
    assert browser.get("/board/packs/file", params={"of": of}).status_code == 403
    assert browser.post("/board/packs", {"period": "2026-q1", "since": "none"}).status_code == 403


def test_without_figures_there_is_nothing_to_ask_for(sqlite_site: Site) -> None:
    page = page_of(sqlite_site, "/board/packs")
    assert "There is nothing to make a pack of yet" in page.text
    assert "Ask for a pack" not in page.text


def test_a_dry_run_says_how_many_are_to_be_made(sqlite_worked: Site, law: Law) -> None:
    ask(sqlite_worked)
    work = Work(sqlite_worked.database, law, channel=None, now=sqlite_worked.clock.now, dry_run=True)  # type: ignore[arg-type]
    assert tasks.make_packs(work).summary == "1 pack to make"


@pytest.mark.browser
def test_the_page_of_a_pack_can_be_read_by_everybody(
    sqlite_worked: Site, law: Law, page: BrowserPage, tmp_path: Path
) -> None:
    made_pack(sqlite_worked, law)
    (held,) = [row for row in rows(sqlite_worked, PACK_FILES) if row.format == "html"]
    file = tmp_path / "pack.html"
    file.write_bytes(held.content)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(file.as_uri())
        found = Axe().run(page, options=CHECKED).response
        assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert (
        json.loads(next(row.content for row in rows(sqlite_worked, PACK_FILES) if row.format == "json"))["form"] == FORM
    )

"""Fixtures of the journeys: one site served for a real browser, and people signed in at it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.web.casework import Casework, add_strangers
from tests.web.site import PASSWORD, add_people, make_site, served
from victimcare.commands.check_projection import check_projection
from victimcare.domain.calendar import london_date
from victimcare.editions.law import published_law

SignIn = Callable[..., Page]
PATIENCE = 20_000
EVERY_CASE = 10_000


@dataclass
class Desk:
    """Where a person works: the served site, its cases, and what their browsers complained of."""

    address: str
    casework: Casework
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def place(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The place of all the stories of a module."""
    with a_place(sqlite_template, tmp_path_factory.mktemp("journeys")) as made:
        yield made


@contextmanager
def a_place(template: Path, folder: Path) -> Iterator[Desk]:
    """A served site with people of each role and no case yet. Its clock stands at Friday 22 May 2026, 10:30."""
    file = folder / "victimcare.db"
    shutil.copyfile(template, file)
    site = make_site(f"sqlite:///{file}", published_law())
    add_people(site.database)
    add_strangers(site)
    with served(site) as address:
        yield Desk(address, Casework(site))
    site.database.close()


@pytest.fixture
def desk(place: Desk) -> Iterator[Desk]:
    """The place. By the end of the test its pages made no script fail and broke no policy, and what is stored of the
    deadlines is what the journeys say, as `victimcare rebuild --check` asks."""
    place.complaints.clear()
    yield place
    assert place.complaints == []
    site = place.casework.site
    today = london_date(site.clock.now)
    assert check_projection(site.database, law=place.casework.law, today=today, sample=EVERY_CASE) == 0


@pytest.fixture
def sign_in(browser: Browser, desk: Desk) -> Iterator[SignIn]:
    """`sign_in("officer")` is the first page of that person's day; `javascript=False` for a browser without."""
    opened: list[BrowserContext] = []

    def signed_in(who: str, *, javascript: bool = True, **options: Any) -> Page:
        opened.append(browser.new_context(java_script_enabled=javascript, **options))
        page = opened[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: desk.complaints.append(str(error)))
        page.on("console", lambda said: desk.complaints.append(said.text) if is_complaint(said) else None)
        page.goto(f"{desk.address}/sign-in")
        page.fill("#username", who)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Sign out").wait_for()
        return page

    yield signed_in
    for context in opened:
        context.close()


def is_complaint(said: Any) -> bool:
    """Whether a message of the console is of a fault, not of an answer that says what was wrong with a form."""
    return said.type in ("error", "warning") and "the server responded with a status of 4" not in said.text

"""Fixtures of the journeys: one site served for a real browser, and people signed in at it."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.postgres import Server
from tests.web.casework import Casework, add_strangers
from tests.web.site import PASSWORD, add_people, make_site, served
from victimcare.commands.check_projection import check_projection
from victimcare.domain.calendar import london_date
from victimcare.editions.law import published_law

SignIn = Callable[..., Page]
ENGINES = ("sqlite", "postgresql")
STORIES = (
    "a_bereaved_family",
    "a_burglary_with_no_suspect",
    "a_business",
    "a_child_victim",
    "a_court_result_that_arrived_late",
    "a_domestic_assault",
    "a_victim_who_opts_out_and_back_in",
    "an_officer_who_leaves",
)
"""The journeys that are told on both engines: in turn on the one and the other, and all on both with `slow`."""
PATIENCE = 20_000
EVERY_CASE = 10_000


@dataclass
class Desk:
    """Where a person works: the served site, its cases, and what their browsers complained of."""

    address: str
    casework: Casework
    complaints: list[str] = field(default_factory=list)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Which engine a story is told on."""
    story = metafunc.module.__name__.rpartition("test_")[2]
    if story in STORIES:
        first = STORIES.index(story) % len(ENGINES)
        engines = (ENGINES[first], ENGINES[not first])
        marks = ([], [pytest.mark.slow])
        told_on = [
            pytest.param(engine, marks=[*mark, *([pytest.mark.postgres] if engine == "postgresql" else [])])
            for engine, mark in zip(engines, marks, strict=True)
        ]
        metafunc.parametrize("engine", told_on, scope="module")


@pytest.fixture(scope="module")
def engine() -> str:
    """The engine of a module's place."""
    return "sqlite"


@pytest.fixture(scope="module")
def place(engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The place of all the stories of a module."""
    if engine == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        with a_place(a_copy(template, tmp_path_factory.mktemp("journeys"))) as made:
            yield made
        return
    server: Server = request.getfixturevalue("postgresql_server")
    name = f"victimcare_test_{uuid.uuid4().hex}"
    with a_place(server.create(name, template=request.getfixturevalue("postgresql_template"))) as made:
        yield made
    server.drop(name)


def a_copy(template: Path, folder: Path) -> str:
    """The address of a copy of the migrated SQLite database in this folder."""
    file = folder / "victimcare.db"
    shutil.copyfile(template, file)
    return f"sqlite:///{file}"


@contextmanager
def a_place(address_of_database: str) -> Iterator[Desk]:
    """A served site with people of each role and no case yet. Its clock stands at Friday 22 May 2026, 10:30."""
    site = make_site(address_of_database, published_law())
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

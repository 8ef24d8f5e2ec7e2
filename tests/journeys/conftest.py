"""Fixtures of the journeys: one site served for a real browser, and people signed in at it."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from playwright.sync_api import Browser, Dialog, Page, ViewportSize

from tests.postgres import Server
from tests.web.casework import Casework, add_strangers
from tests.web.site import add_people, make_site, served
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
WITH_SCRIPTS_FIRST = {"test_a_supervisors_morning"}
"""Whose pages are also looked at by the checker of pages, which is a script."""
PATIENCE = 20_000
SCREEN: ViewportSize = {"width": 1280, "height": 720}
EVERY_CASE = 10_000


@dataclass
class Desk:
    """Where a person works: the served site, its cases, and what their browsers complained of."""

    address: str
    casework: Casework
    complaints: list[str] = field(default_factory=list)


class Window:
    """A browser's window, at which one person after another works: to open one takes longer than to sign in."""

    def __init__(self, browser: Browser, *, javascript: bool) -> None:
        self.javascript = javascript
        self.page = browser.new_context(java_script_enabled=javascript, viewport=SCREEN).new_page()
        self.complain: Callable[[str], None] = str
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.complain(str(error)))
        self.page.on("console", lambda said: self.complain(said.text) if is_complaint(said) else None)
        self.page.on("dialog", self._dismiss)

    def sign_in(self, who: str, desk: Desk) -> Page:
        """The first page of that person's day. The form of signing in: tests/web/test_browser.py."""
        self.complain = desk.complaints.append
        self.page.context.clear_cookies()
        cookies = desk.casework.site.sign_in(who).client.cookies
        self.page.context.add_cookies([{"name": n, "value": v, "url": desk.address} for n, v in dict(cookies).items()])
        self.page.goto(f"{desk.address}/sign-in")  # which leads on whoever is signed in
        self.page.get_by_role("button", name="Sign out").wait_for()
        return self.page

    def clear(self) -> bool:
        """As it was when it was opened, for somebody else; whether it is still there."""
        if self.page.is_closed():
            return False
        self.page.unroute_all()
        for other in self.page.context.pages:
            if other is not self.page:
                other.close()
        self.page.goto("about:blank")
        self.page.set_viewport_size(SCREEN)
        self.page.context.clear_cookies()
        self.complain = str
        return True

    def _dismiss(self, dialog: Dialog) -> None:
        self.complain(f"a dialog: {dialog.message}")
        dialog.dismiss()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Which engine a story is told on; and whether with scripts or without: in turn, and both ways with `slow`."""
    told_in_turn(metafunc)
    named = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "javascript" in metafunc.fixturenames and not any("javascript" in names for names in named):
        test = metafunc.definition.originalname
        first = test in WITH_SCRIPTS_FIRST or crc32(test.encode()) % 2 == 0
        ways = [
            pytest.param(way, id="javascript" if way else "no javascript", marks=mark)
            for way, mark in ((first, []), (not first, [pytest.mark.slow]))
        ]
        metafunc.parametrize("javascript", ways)


def told_in_turn(metafunc: pytest.Metafunc) -> None:
    """A story is told on one engine first."""
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


@pytest.fixture(scope="session")
def free_windows() -> list[Window]:
    """Windows at which nobody works now."""
    return []


@pytest.fixture
def sign_in(browser: Browser, free_windows: list[Window], desk: Desk) -> Iterator[SignIn]:
    """`sign_in("officer")` is the first page of that person's day; `javascript=False` for a browser without.

    With `at`, a page of before, they sign in again at the same window.
    """
    taken: dict[Page, Window] = {}

    def signed_in(who: str, *, javascript: bool = True, at: Page | None = None) -> Page:
        free = (window for window in free_windows if window.javascript == javascript)
        window = taken[at] if at else next(free, None) or Window(browser, javascript=javascript)
        if window in free_windows:
            free_windows.remove(window)
        taken[window.page] = window
        return window.sign_in(who, desk)

    yield signed_in
    free_windows += [window for window in taken.values() if window.clear()]


def is_complaint(said: Any) -> bool:
    """Whether a message of the console is of a fault, not of an answer that says what was wrong with a form."""
    return said.type in ("error", "warning") and "the server responded with a status of 4" not in said.text

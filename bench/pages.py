"""Pages as the server makes them, against the bare SQL that they need; and whether they grow with the database."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import event
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.measuring import Measured, Took, both, in_words
from bench.worlds import AT, ten_worlds, world
from victimcare.editions.law import published_law
from victimcare.exchange.demonstration.people import PASSPHRASE
from victimcare.settings import Settings
from victimcare.store.database import Database
from victimcare.store.vault import Vault
from victimcare.web.app import create_app
from victimcare.web.serving import settle

PAGES = (
    ("officer", "/", "officer's day"),
    ("officer", "/cases", "officer's case list"),
    ("supervisor", "/team", "supervisor's page"),
)
_ROUNDS = 25
_ABOVE, _GROWTH = 10, 1.5


def measure() -> list[Measured]:
    """Each page at both sizes, in milliseconds above its bare SQL; then the larger against the smaller.

    By the clock the median, in processor time the quickest: where other work runs, only the latter compares.
    The board's pages are measured by themselves (bench/board.py).
    """
    lines, took = [], {}
    for file in (world(), ten_worlds()):
        cases = _cases(file)
        for who, path, name in PAGES:
            page, bare = _page_and_bare(file, who, path)
            took[name, file] = page
            what = f"{name} at {cases:,} cases, ms above its SQL"
            lines.append(_above(what, page.clock, bare.clock))
            lines.append(_above(f"{what}, in processor time", page.processor, bare.processor))
    for _, _, name in PAGES:
        small, large = took[name, world()].processor, took[name, ten_worlds()].processor
        against = f"at a tenth of the size, {in_words(small)}"
        lines.append(Measured(f"{name} at ten times the cases", in_words(large), against, large / small, _GROWTH))
    return lines


def _above(what: str, page: float, bare: float) -> Measured:
    return Measured(what, in_words(page), f"bare SQL, {in_words(bare)}", (page - bare) * 1000, _ABOVE)


def _cases(file: Path) -> int:
    with sqlite3.connect(file) as connection:
        count: int = connection.execute("SELECT count(*) FROM victim_case").fetchone()[0]
    connection.close()
    return count


def _page_and_bare(file: Path, who: str, path: str) -> tuple[Took, Took]:
    """What the server takes for the page, and what its reading statements take alone."""
    database = Database(f"sqlite:///{file}")
    settings = Settings(database_url=f"sqlite:///{file}", cookie_secure=False)
    law, vault = published_law(), Vault(bytes(32))
    app = create_app(settings=settings, law=law, database=database, vault=vault, clock=lambda: AT)
    server, browser = signed_in(app, who)
    with _reads(database) as statements:
        assert browser.get(path).status_code == 200
    server.took.clear()
    settle()
    for _ in range(_ROUNDS):
        browser.get(path)
    page, bare = _of_rounds(server.took), _bare(file, statements)
    database.close()
    return page, bare


class Timed:
    """The application, and how many seconds it took from each request to the last byte of its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.took: list[Took] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        began, start = process_time(), perf_counter()
        await self._app(scope, receive, send)
        clock = perf_counter() - start
        self.took.append(Took(clock, process_time() - began))


def _of_rounds(took: list[Took]) -> Took:
    return Took(median(each.clock for each in took), min(each.processor for each in took))


def signed_in(app: ASGIApp, who: str) -> tuple[Timed, TestClient]:
    """The application, timed, and a browser in which this person of the demonstration is signed in."""
    server = Timed(app)
    browser = TestClient(server, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)
    _sign_in(browser, who)
    return server, browser


def _sign_in(browser: TestClient, who: str) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in").text)
    assert token
    form = {"csrf_token": token[1], "username": who, "password": PASSPHRASE, "next": "/"}
    assert browser.post("/sign-in", data=form).status_code == 303


@contextmanager
def _reads(database: Database) -> Iterator[list[tuple[str, Any]]]:
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def _bare(file: Path, statements: list[tuple[str, Any]]) -> Took:
    connection = sqlite3.connect(file)

    def run() -> None:
        for statement, parameters in statements:
            connection.execute(statement, parameters).fetchall()

    run()
    took = _of_rounds([both(run) for _ in range(_ROUNDS)])
    connection.close()
    return took

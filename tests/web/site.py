"""A whole site to test pages on: its app, its database, a clock to move, and people of each role to sign in as."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import uvicorn
from argon2 import PasswordHasher
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import insert, select

from victimcare.commands.invite import invite
from victimcare.domain.law import Law
from victimcare.settings import Settings
from victimcare.store import accounts
from victimcare.store.database import Database
from victimcare.store.staff import SYSTEM, ensure_system
from victimcare.store.tables import Audit, PersonRow, Team
from victimcare.store.vault import Vault
from victimcare.web import app as web_app
from victimcare.web.app import create_app
from victimcare.web.routes import ROUTERS

PASSWORD = "a password of these tests"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
START = datetime(2026, 5, 22, 9, 30, tzinfo=UTC)
ADDRESS = "http://testserver"
TEAM = "north"
OTHER_TEAM = "south"
PEOPLE = {
    "officer": "officer",
    "colleague": "officer",
    "supervisor": "supervisor",
    "board": "board",
    "administrator": "administrator",
    "editor": "directory_editor",
}
"""User name (and person id) to role: `officer` and `colleague` are in the supervisor's team."""


@dataclass
class Clock:
    """The time that pages see."""

    now: datetime = START

    def forward(self, **units: float) -> None:
        self.now += timedelta(**units)


@dataclass
class Site:
    app: FastAPI
    database: Database
    clock: Clock

    def browser(self, **options: Any) -> Browser:
        """Somebody's browser, not signed in."""
        client = TestClient(self.app, base_url=ADDRESS, follow_redirects=False, **options)
        return Browser(client)

    def sign_in(self, who: str = "officer") -> Browser:
        """The browser of one of `PEOPLE`, signed in."""
        browser = self.browser()
        answer = browser.sign_in(who)
        assert answer.status_code == 303, answer.text
        return browser

    def audit(self) -> list[tuple[str, str, str, str]]:
        """What was written down: operation, what, person, outcome."""
        table = Audit.__table__
        columns = (table.c.operation, table.c.what, table.c.person_id, table.c.outcome)
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(select(*columns).order_by(table.c.seq))]


@dataclass
class Browser:
    """A client that sends forms as a page of ours would: from this origin, with the token of the sign-in."""

    client: TestClient
    headers: Mapping[str, str] = field(default_factory=lambda: {"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"})

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def post(
        self,
        path: str,
        form: Mapping[str, str | Sequence[str]] | None = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Any:
        """Send a form. `token` and `headers` replace those that a page of ours would send."""
        sent = {"csrf_token": self.token() if token is None else token, **(form or {})}
        return self.client.post(path, data=sent, headers=self.headers if headers is None else headers, **more)

    def token(self) -> str:
        """The token that forms on our pages carry for this browser."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/help").text)
        return found[1] if found else token_in(self.client.get("/sign-in").text)

    def sign_in(self, username: str, password: str = PASSWORD, **more: Any) -> Any:
        return self.post("/sign-in", {"username": username, "password": password, **more})


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def make_site(url: str, law: Law, **options: Any) -> Site:
    """A site on an empty, migrated database."""
    database = Database(url)
    clock = Clock()
    named = {"settings": Settings(database_url=url), "law": law, "database": database, "vault": Vault(bytes(32))}
    app = create_app(**{**named, "clock": lambda: clock.now, **options})
    return Site(app, database, clock)


def route_also(monkeypatch: pytest.MonkeyPatch, *routers: APIRouter) -> None:
    """Sites made from now on have these routes too, and share them with no other site."""
    monkeypatch.setattr(web_app, "ROUTERS", (*routers, *ROUTERS))
    monkeypatch.setattr(web_app, "_assembled", web_app._assembled.__wrapped__)


def add_people(database: Database) -> None:
    """Two teams and `PEOPLE`, all with the same password."""
    with database.writing() as connection:
        ensure_system(connection)
        teams = [
            {"id": TEAM, "name": "North", "area": "E01", "duty_supervisor_id": "supervisor"},
            {"id": OTHER_TEAM, "name": "South", "area": "E02", "duty_supervisor_id": None},
        ]
        connection.execute(insert(Team.__table__), teams)
        for name, role in PEOPLE.items():
            team = TEAM if role in {"officer", "supervisor"} else None
            row = {"id": name, "name": f"Example {name.title()}", "role": role, "team_id": team}
            connection.execute(insert(PersonRow.__table__), row)
            accounts.add_account(
                connection, person_id=name, username=name, password_hash=PASSWORD_HASH, password_alone=True
            )


def an_invitation(site: Site, person_id: str = "officer") -> str:
    """A one-time secret for one of `PEOPLE`."""
    with site.database.writing() as connection:
        return invite(connection, person_id=person_id, by=SYSTEM, now=site.clock.now, vault=site.app.state.vault)


@contextmanager
def served(site: Site) -> Iterator[str]:
    """The site on a port of this machine, for a real browser; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(site.app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()

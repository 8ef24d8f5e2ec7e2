"""A whole site to test pages on: its app, its database, a clock to move, and people of each role to sign in as."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
import uvicorn
from argon2 import PasswordHasher
from fastapi import APIRouter, FastAPI
from httpx2 import Client
from sqlalchemy import insert, select

from tests.web.in_process import InProcess
from tests.web.page_checker import with_checker
from victimcare.commands.invite import invite
from victimcare.commands.sign_in import open_sign_in
from victimcare.domain.law import Law
from victimcare.settings import Settings
from victimcare.store import accounts, sign_ins
from victimcare.store.database import Database
from victimcare.store.row_names import RowNames
from victimcare.store.staff import SYSTEM, ensure_system
from victimcare.store.tables import Audit, PersonRow, Team
from victimcare.store.vault import Vault
from victimcare.web import app as web_app
from victimcare.web.app import create_app
from victimcare.web.deps import cookie_name
from victimcare.web.routes import ROUTERS

PASSWORD = "a password of these tests"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
START = datetime(2026, 5, 22, 9, 30, tzinfo=UTC)
ADDRESS = "http://testserver"
COOKIES_OF = "testserver.local"  # as a jar calls a host without a dot
VAULT = Vault(bytes(32))
NAMES = RowNames(VAULT)
"""What rows are called in the addresses of every site."""
TEAM = "north"
OTHER_TEAM = "south"
_assemble = web_app._assembled.__wrapped__
_ASSEMBLED: dict[tuple[int, ...], tuple[tuple[APIRouter, ...], FastAPI]] = {}
A_BROWSER = "A browser"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PEOPLE = {
    "officer": "officer",
    "colleague": "officer",
    "supervisor": "supervisor",
    "board": "board",
    "administrator": "administrator",
    "editor": "directory_editor",
    "reviewer": "privacy_reviewer",
    "lead": "code_lead",
    "helper": "service_user",
    "clerk": "witness_care",
    "member": "board_member",
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
    _kept: dict[str, Browser] = field(default_factory=dict)

    def browser(self, **options: Any) -> Browser:
        """Somebody's browser, not signed in."""
        client = Client(transport=InProcess(self.app), base_url=ADDRESS, trust_env=False, **options)
        return Browser(client, clock=self.clock)

    def sign_in(self, who: str = "officer") -> Browser:
        """The browser of one of `PEOPLE`, signed in: as by the form, without the form."""
        if who in self._kept:
            return self._kept[who].another(self)
        with self.database.writing() as connection:
            account = accounts.account(connection, who)
            assert account, who
            token = open_sign_in(connection, person=account.person, browser=A_BROWSER, now=self.clock.now).token
            session = sign_ins.session(connection, token)
        assert session, who
        browser = self.browser()
        browser.client.cookies.set(cookie_name(self.app.state.settings), token, domain=COOKIES_OF)
        return browser.know(session.csrf_token)

    def keep_signed_in(self, people: Iterable[str]) -> None:
        """Sign them in once, for every `sign_in` from now on."""
        self._kept = {who: self.sign_in(who) for who in people}

    def audit(self) -> list[tuple[str, str, str, str]]:
        """What was written down: operation, what, person, outcome."""
        table = Audit.__table__
        columns = (table.c.operation, table.c.what, table.c.person_id, table.c.outcome)
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(select(*columns).order_by(table.c.seq))]


@dataclass
class Browser:
    """A client that sends forms as a page of ours would: from this origin, with the token of the sign-in."""

    client: Client
    headers: Mapping[str, str] = field(default_factory=lambda: {"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"})
    clock: Clock = field(default_factory=Clock)
    _tokens: dict[str, str] = field(default_factory=dict)

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

    def another(self, site: Site) -> Browser:
        """Another browser with the same sign-in."""
        self.token()
        another = replace(self, client=site.browser().client)
        for cookie in self.client.cookies.jar:
            another.client.cookies.jar.set_cookie(cookie)
        return another

    def know(self, token: str) -> Browser:
        """This token is on the pages that this browser is shown now: it need not look."""
        self._tokens[self._now] = token
        return self

    def token(self) -> str:
        """The token that forms on our pages carry for this browser: looked up once for each cookie and moment."""
        if self._now not in self._tokens:
            self.know(self._token_on_a_page(signed_in=bool(self.client.cookies)))
        return self._tokens[self._now]

    @property
    def _now(self) -> str:
        return f"{dict(self.client.cookies)} {self.clock.now}"

    def _token_on_a_page(self, *, signed_in: bool) -> str:
        found = re.search(TOKEN, self.client.get("/help").text) if signed_in else None
        return found[1] if found else token_in(self.client.get("/sign-in").text)

    def sign_in(self, username: str, password: str = PASSWORD, **more: Any) -> Any:
        return self.post("/sign-in", {"username": username, "password": password, **more})


def token_in(page: str) -> str:
    found = re.search(TOKEN, page)
    assert found, "the page has no form"
    return found[1]


def make_site(url: str, law: Law, **options: Any) -> Site:
    """A site on an empty, migrated database."""
    database = Database(url)
    clock = Clock()
    named = {
        "settings": _settings().model_copy(update={"database_url": url}),
        "law": law,
        "database": database,
        "vault": VAULT,
    }
    app = create_app(**{**named, "clock": lambda: clock.now, **options})
    return Site(app, database, clock)


@cache
def _settings() -> Settings:
    """Those of an installation that sets nothing but that it is tried without HTTPS: read once, for looking at the
    environment takes long."""
    return Settings(cookie_secure=False)


def route_also(monkeypatch: pytest.MonkeyPatch, *routers: APIRouter) -> None:
    """Sites made from now on have these routes too, and share them with those alone that were given the same."""
    monkeypatch.setattr(web_app, "ROUTERS", (*routers, *ROUTERS))
    monkeypatch.setattr(web_app, "_assembled", lambda: _assembled_with(routers))


def _assembled_with(routers: tuple[APIRouter, ...]) -> FastAPI:
    """Taken apart once for these: they are kept beside it, so that no other has their ids."""
    ids = tuple(map(id, routers))
    if ids not in _ASSEMBLED:
        _ASSEMBLED[ids] = routers, _assemble()
    return _ASSEMBLED[ids][1]


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
            areas = "E01" if role == "witness_care" else ""
            row = {"id": name, "name": f"Example {name.title()}", "role": role, "team_id": team, "areas": areas}
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
    server = uvicorn.Server(uvicorn.Config(with_checker(site.app), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()

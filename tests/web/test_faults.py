"""The disk is full, the database cannot be written to, or is away: plain words, nothing lost, and then it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from tests.stored import Stored
from tests.web.casework import Casework
from tests.web.site import Browser, Site, add_people, make_site
from victimcare.domain.law import Law
from victimcare.store import audit
from victimcare.store.staff import SYSTEM

VICTIM = "Wren Sample"


@dataclass
class AtWork:
    """An officer with a case, signed in, and the form of a note."""

    site: Site
    officer: Browser
    ref: str
    token: str

    def write_note(self, words: str = "A note") -> int:
        form = {"words": words, "form_key": words}
        return int(self.officer.post(f"/cases/{self.ref}/notes", form).status_code)


@pytest.fixture
def at_work(site: Site) -> AtWork:
    return begin(site)


def begin(site: Site) -> AtWork:
    ref = Casework(site).case(VICTIM)
    officer = site.sign_in("officer")
    assert VICTIM in officer.get(f"/cases/{ref}").text
    return AtWork(site, officer, ref, officer.token())


@contextmanager
def full(site: Site) -> Iterator[None]:
    """SQLite may add no page to its file, and has filled those that there are."""
    with each_transaction(site, "PRAGMA max_page_count = 1"):
        refusals = 0
        while refusals < 5:
            try:
                with site.database.writing() as connection:
                    audit.write(connection, at=site.clock.now, operation="access", what="fill", person=SYSTEM)
            except OperationalError:
                refusals += 1
        yield


@contextmanager
def read_only(site: Site) -> Iterator[None]:
    """Nothing can be written."""
    sqlite = site.database.engine.dialect.name == "sqlite"
    with each_transaction(site, "PRAGMA query_only = ON" if sqlite else "SET TRANSACTION READ ONLY"):
        yield


@contextmanager
def each_transaction(site: Site, statement: str) -> Iterator[None]:
    """Begin every transaction with it; afterwards there are new connections."""

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    event.listen(site.database.engine, "begin", begin)
    try:
        yield
    finally:
        event.remove(site.database.engine, "begin", begin)
        Engine.dispose(site.database.engine)


@contextmanager
def away(site: Site) -> Iterator[None]:
    """PostgreSQL takes no connection to the database, and the open ones are gone."""
    url = site.database.engine.url.set(drivername="postgresql")
    name, address = url.database, url.set(database="postgres").render_as_string(hide_password=False)
    with closing(psycopg.connect(address, autocommit=True)) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            yield
        finally:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def refused(at_work: AtWork, heading: str) -> None:
    """Writing and looking at a case are refused in plain words, and nothing about anybody is on the page."""
    form = {"words": "Unwritten", "form_key": "unwritten", "csrf_token": at_work.token}
    for answer in (
        at_work.officer.get(f"/cases/{at_work.ref}"),
        at_work.officer.client.post(f"/cases/{at_work.ref}/notes", data=form, headers=at_work.officer.headers),
    ):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
        assert f'<h1 class="govuk-heading-l">{heading}</h1>' in answer.text
        assert "Tell whoever runs the service" in answer.text
        assert VICTIM not in answer.text
        assert "Traceback" not in answer.text


def without_a_case(at_work: AtWork) -> list[int]:
    """What pages without a case answer."""
    at_work.site.clock.forward(minutes=5)
    return [at_work.officer.get(path).status_code for path in ("/help", "/accessibility", "/health")]


def recovered(at_work: AtWork) -> None:
    assert VICTIM in at_work.officer.get(f"/cases/{at_work.ref}").text
    assert at_work.write_note("Afterwards") == 303
    assert "Afterwards" in at_work.officer.get(f"/cases/{at_work.ref}/notes").text
    assert at_work.officer.get("/health").text == "ok"


def unchanged_but_for_the_trail(stored: Stored) -> None:
    changed = stored.changed()
    assert set(changed) <= {"audit", "sign_in_session"}, "when a sign-in was used takes no more room"
    assert {row["what"] for row in changed["audit"].come} == {"fill"}


def test_on_a_full_disk_it_says_so_and_goes_on_when_there_is_room(sqlite_site: Site) -> None:
    at_work = begin(sqlite_site)
    stored = Stored(sqlite_site.database)
    with full(sqlite_site):
        refused(at_work, "Nothing can be recorded now")
        assert without_a_case(at_work) == [200, 200, 200]
    unchanged_but_for_the_trail(stored)
    stored.close()
    recovered(at_work)


def test_where_nothing_can_be_written_no_case_is_shown(at_work: AtWork) -> None:
    stored = Stored(at_work.site.database)
    with read_only(at_work.site):
        refused(at_work, "Nothing can be recorded now")
        assert without_a_case(at_work) == [200, 200, 200]
        assert at_work.officer.get("/health/ready").status_code == 503
    assert stored.changed() == {}
    stored.close()
    recovered(at_work)


@pytest.mark.postgres
def test_a_database_that_is_away_is_said_to_be_and_is_used_again_when_it_is_back(postgresql_url: str, law: Law) -> None:
    site = make_site(postgresql_url, law)
    add_people(site.database)
    at_work = begin(site)
    with away(site):
        refused(at_work, "The service cannot reach its records now")
        assert without_a_case(at_work) == [200, 200, 503]
        for path in ("/help", "/sign-in"):
            answer = at_work.officer.get(path)
            assert (answer.status_code, "cannot reach its records now" in answer.text) == (200, True)
            assert "set-cookie" not in answer.headers, "the sign-in outlives it"
            assert "Example Officer" not in answer.text
        assert at_work.officer.get("/").status_code == 503
    recovered(at_work)


def test_a_damaged_page_of_the_file_is_said_to_be(sqlite_site: Site) -> None:
    at_work = begin(sqlite_site)
    file = Path(str(sqlite_site.database.engine.url.database))
    with sqlite_site.database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    with sqlite_site.database.reading() as connection:
        root = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'victim_case'").scalar_one()
    Engine.dispose(sqlite_site.database.engine)
    with file.open("r+b") as opened:
        opened.seek((root - 1) * 4096)
        opened.write(bytes(range(1, 201)) * 20)
    answer = at_work.officer.get(f"/cases/{at_work.ref}")
    assert answer.status_code == 503
    assert "its database is damaged" in answer.text
    assert VICTIM not in answer.text


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_a_clock_that_is_a_day_wrong_loses_nothing(at_work: AtWork, jump: timedelta) -> None:
    assert at_work.write_note("Before") == 303
    at_work.site.clock.now += jump
    again = at_work.site.sign_in("colleague" if jump > timedelta() else "officer")
    assert again.get("/help").status_code == 200
    at_work.site.clock.now -= jump
    shown = at_work.site.sign_in("officer").get(f"/cases/{at_work.ref}/notes").text
    assert "Before" in shown

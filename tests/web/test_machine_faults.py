"""What machines do to a service: a disk that fills, a lock that is not let go, mail that hangs, no name, no handle.

Each is the real thing, not a stand-in: plain words, nothing lost, no traceback, and then it goes on (T7).
"""

from __future__ import annotations

import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread, Timer
from time import monotonic

import pytest
from sqlalchemy import Engine, make_url, select

from tests.jobs.counted import all_have_run
from tests.notices.servers import server_that_says
from tests.small_disk import disk, fill
from tests.web.casework import Casework
from tests.web.site import Site, add_people, make_site
from tests.web.test_faults import VICTIM, AtWork, begin, recovered, refused, without_a_case
from victimcare.domain.emergency_access import Alert
from victimcare.domain.law import Law
from victimcare.jobs import delivery
from victimcare.jobs.work import Work
from victimcare.notices.smtp import MailServer
from victimcare.store import cases, outbox
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE

__all__ = ["disk"]
pytestmark = pytest.mark.slow


@pytest.fixture
def on_small_disk(disk: Path, sqlite_template: Path, law: Law) -> Iterator[AtWork]:
    """An officer at work, on a database on that disk."""
    file = disk / "victimcare.db"
    shutil.copyfile(sqlite_template, file)
    site = make_site(f"sqlite:///{file}", law)
    add_people(site.database)
    yield begin(site)
    site.database.close()


def sound(site: Site) -> None:
    with closing(sqlite3.connect(str(make_url(site.database.url).database))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_disk_that_is_full_says_so_and_loses_nothing(on_small_disk: AtWork, disk: Path) -> None:
    """The notes that were acknowledged before are there, and none that was refused."""
    written = []
    filler = fill(disk)
    for number in range(200):
        status = on_small_disk.write_note(f"Note {number}")
        if status != 303:
            assert status == 503
            break
        written.append(f"Note {number}")
    refused(on_small_disk, "Nothing can be recorded now")
    assert without_a_case(on_small_disk) == [200, 200, 200]
    filler.unlink()
    recovered(on_small_disk)
    shown = on_small_disk.officer.get(f"/cases/{on_small_disk.ref}/notes").text
    assert [words for words in written if f"{words}<" not in shown.replace("\n", "")] == []
    assert f"Note {len(written)}<" not in shown
    assert "Unwritten" not in shown
    sound(on_small_disk.site)


def test_a_disk_that_is_read_only_shows_no_case(on_small_disk: AtWork, disk: Path) -> None:
    assert on_small_disk.write_note("Before") == 303
    Engine.dispose(on_small_disk.site.database.engine)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    form = {"words": "Unwritten", "form_key": "unwritten", "csrf_token": on_small_disk.token}
    officer = on_small_disk.officer
    for answer in (
        officer.get(f"/cases/{on_small_disk.ref}"),
        officer.client.post(f"/cases/{on_small_disk.ref}/notes", data=form, headers=officer.headers),
    ):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
        assert "Tell whoever runs the service" in answer.text
        assert VICTIM not in answer.text
        assert "damaged" not in answer.text, "nobody is to restore a backup for this"
    Engine.dispose(on_small_disk.site.database.engine)
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    recovered(on_small_disk)
    assert "Before" in officer.get(f"/cases/{on_small_disk.ref}/notes").text


def test_a_lock_that_is_held_for_ten_seconds_is_said_to_be_busy_and_nothing_is_lost(sqlite_site: Site) -> None:
    at_work = begin(sqlite_site)
    file = str(make_url(sqlite_site.database.url).database)
    held = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    held.execute("BEGIN IMMEDIATE")
    letting_go = Timer(10, held.rollback)
    letting_go.start()
    begun = monotonic()
    form = {"words": "In a hurry", "form_key": "hurry", "csrf_token": at_work.token}
    address = f"/cases/{at_work.ref}/notes"
    answer = at_work.officer.client.post(address, data=form, headers=at_work.officer.headers)
    assert answer.status_code == 503
    assert monotonic() - begun < 9
    assert "The service is busy" in answer.text
    letting_go.join()
    again = at_work.officer.client.post(address, data=form, headers=at_work.officer.headers)
    assert again.status_code == 303, "the same form, sent once more"
    assert at_work.officer.get(address).text.count("In a hurry") == 1
    held.close()


def test_without_a_handle_left_it_says_that_its_records_are_out_of_reach(sqlite_site: Site) -> None:
    at_work = begin(sqlite_site)
    assert at_work.write_note("Before") == 303
    Engine.dispose(sqlite_site.database.engine)
    with no_more_handles():
        answer = at_work.officer.get(f"/cases/{at_work.ref}")
        assert answer.status_code == 503
        assert "Traceback" not in answer.text
        assert VICTIM not in answer.text
    recovered(at_work)
    assert "Before" in at_work.officer.get(f"/cases/{at_work.ref}/notes").text


@contextmanager
def no_more_handles() -> Iterator[None]:
    """This process can open no file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def told(site: Site) -> AtWork:
    """An officer at work, and three notices about their case that are to leave by mail."""
    at_work = begin(site)
    all_have_run(site.database, site.clock.now)
    with site.database.writing() as connection:
        connection.execute(PEOPLE.update().values(email=PEOPLE.c.id + "@example.invalid"))
        case_id = cases.load(connection, at_work.ref).id
        for kind in Alert:
            outbox.tell(connection, ["supervisor"], step=kind, key="1", now=site.clock.now, case_id=case_id)
    return at_work


def deliver(at_work: AtWork, host: str, port: int) -> None:
    """The job that sends what waits, to this mail server, whose time-out is that of the service."""
    site = at_work.site
    now = site.clock.now
    channel = MailServer(host, port, sender="care@police.invalid")
    delivery.deliver_outbox(Work(site.database, Casework(site).law, channel, now, clock=lambda: now))


def unsent(at_work: AtWork) -> list[tuple[str, str | None]]:
    with at_work.site.database.reading() as connection:
        return [(row.status, row.error) for row in connection.execute(select(OUTBOX))]


def test_while_mail_hangs_people_work_and_it_is_tried_again(told: AtWork) -> None:
    """The server takes the connection and says nothing for as long as it is waited for."""
    waiting = unsent(told)
    with server_that_says() as port:
        sending = Thread(target=deliver, args=(told, "127.0.0.1", port))
        sending.start()
        slowest, asked = 0.0, 0
        while sending.is_alive():
            begun = monotonic()
            assert told.officer.get(f"/cases/{told.ref}").status_code == 200
            assert told.write_note(f"Note {asked}") == 303
            slowest, asked = max(slowest, monotonic() - begun), asked + 1
        sending.join()
    assert asked > 5
    assert slowest < 5
    still_to_leave(told, waiting)


def test_a_mail_server_whose_name_is_not_known_is_tried_again(told: AtWork) -> None:
    waiting = unsent(told)
    deliver(told, "mail.invalid", 25)
    still_to_leave(told, waiting)


def still_to_leave(told: AtWork, waiting: list[tuple[str, str | None]]) -> None:
    """What was waiting still is, and why stands beside it; after a quarter of an hour administrators are told."""
    found = unsent(told)
    assert len(found) == len(waiting) > 0
    assert {status for status, _ in found} == {"waiting"}
    assert any("cannot be reached" in (error or "") for _, error in found)
    told.site.clock.forward(minutes=20)
    assert "Notices have been waiting to be sent since" in told.site.sign_in("administrator").get("/jobs").text

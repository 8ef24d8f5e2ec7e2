"""The set of docker-compose.yml as processes: pages and jobs twice, PostgreSQL, a mail catcher; killed while it works.

What people were told is stored is there once, and what the outbox says of each notice is what its reader has. SMTP
cannot promise exactly once: of a notice whose sender died over it nobody claims that it was sent, and it is not sent
again.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from tests.notices.servers import Received, mail_server
from tests.postgres import Server, find_programs, run
from tests.web.casework import Casework, add_strangers
from tests.web.killed import SENDER, Acknowledged, Service, channel_to, open_in_emergency, write_notes
from tests.web.site import Site
from tests.web.test_killed import check
from victimcare.editions.law import published_law
from victimcare.jobs.delivery import deliver_outbox
from victimcare.jobs.work import Work
from victimcare.store.emergency_access import ACCESSES
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]
TOLD_OF_EACH = 2
"""The supervisor of the case's team, and who reviews."""


@pytest.fixture
def received() -> Received:
    """What the mail catcher took."""
    return Received()


@pytest.fixture
def service(site: Site, received: Received) -> Iterator[Service]:
    add_strangers(site)
    with site.database.writing() as connection:
        connection.execute(update(PEOPLE).values(email=PEOPLE.c.id + "@example.invalid"))
    with mail_server(received) as port:
        service = Service(site.database.engine.url.render_as_string(hide_password=False), port)
        yield service
        service.stop()


def crash(server: Server) -> None:
    """PostgreSQL is killed in the middle of everything and starts again from its log."""
    folder = Path(server.address.query["host"])  # type: ignore[arg-type]
    program = find_programs("") / "pg_ctl"
    run(program, "-D", folder / "data", "-l", folder / "log", "-m", "immediate", "-w", "restart")


@contextmanager
def people_at_work(service: Service, site: Site, cases: int) -> Iterator[tuple[Acknowledged, Acknowledged]]:
    """Two write notes and two open cases in an emergency, while the block lasts: notes and openings acknowledged."""
    casework, done, notes, opened = Casework(site), Event(), Acknowledged(), Acknowledged()
    refs = [casework.case(officer="officer") for _ in range(cases)]
    people = [Thread(target=write_notes, args=(service, who, casework.case(officer=who), done, notes)) for who in WHO]
    half = len(refs) // 2
    for some in (refs[:half], refs[half:]):
        people.append(Thread(target=open_in_emergency, args=(service, "stranger", some, done, opened)))
    for person in people:
        person.start()
    try:
        yield notes, opened
    finally:
        done.set()
        for person in people:
            person.join()


WHO = ("officer", "colleague")


def wait(until: Any, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.02)


def settle(service: Service, site: Site) -> None:
    """Hours later, with nothing killed any more: everything that can be known of a notice is."""
    law, now = published_law(), datetime.now(UTC)
    for _ in range(20):
        now += timedelta(hours=1)
        work = Work(site.database, law, channel_to(service.mail), now, clock=lambda now=now: now)
        with suppress(ConnectionError):
            deliver_outbox(work)


def check_told(site: Site, received: Received, opened: Acknowledged) -> Counter[str]:
    """Each opening is there once and told of once to each; how many notices ended how."""
    with site.database.reading() as connection:
        rows = connection.execute(select(OUTBOX).where(OUTBOX.c.step == "emergency_opened")).all()
        accesses = connection.execute(select(func.count()).select_from(ACCESSES)).scalar_one()
        assert connection.execute(text("SELECT count(DISTINCT case_id) FROM emergency_access")).scalar_one() == accesses
    assert accesses == len(set(opened.words)) == len(opened.words)
    assert len(rows) == TOLD_OF_EACH * accesses
    assert len({(row.case_id, row.recipient_id) for row in rows}) == len(rows)
    arrived = Counter(str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in received.messages)
    assert set(arrived) <= {row.reference for row in rows}
    for row in rows:
        may_be = {"sent": {1}, "outcome_unknown": {0, 1}}[row.status]
        assert arrived[row.reference] in may_be, (row.status, arrived[row.reference])
    return Counter(row.status for row in rows)


def say(service: Service, crashes: int, notes: Acknowledged, opened: Acknowledged, ended: Counter[str]) -> None:
    print(
        f"\n{service.kills} processes killed, PostgreSQL {crashes} times: {len(notes.words)} notes and "
        f"{len(opened.words)} openings acknowledged after {notes.retries + opened.retries} tries again, each there "
        f"once; notices of them: {dict(ended)}, from {SENDER}"
    )


def test_a_set_that_is_killed_once_each_tells_what_happened(
    service: Service, site: Site, received: Received, postgresql_server: Server
) -> None:
    chosen = random.Random(7)
    service.start(jobs=0)
    with people_at_work(service, site, cases=16) as (notes, opened):
        wait(lambda: len(opened.words) >= 4)
        service.kill_one(chosen)
        crash(postgresql_server)
        wait(lambda: len(opened.words) >= 12)
        service.start_jobs(2)
        wait(lambda: received.messages)
        for _ in range(2):
            service.kill_one(chosen)
        wait(lambda: len(opened.words) == 16)
    service.stop()
    settle(service, site)
    check(service, site, notes)
    say(service, 1, notes, opened, check_told(site, received, opened))


@pytest.mark.slow
def test_a_set_that_is_killed_about_tells_what_happened(
    service: Service, site: Site, received: Received, postgresql_server: Server
) -> None:
    """Jobs tick by the minute, and so the killing lasts for some; the mail catcher refuses now and then."""
    chosen, crashes = random.Random(7), 0
    service.start(jobs=2)
    with people_at_work(service, site, cases=2000) as (notes, opened):
        until = time.monotonic() + 240
        while time.monotonic() < until:
            time.sleep(chosen.uniform(0.5, 3))
            service.kill_one(chosen)
            received.to_message = "451 not now" if chosen.random() < 0.1 else "250 OK"
            if service.kills % 25 == 0:
                crash(postgresql_server)
                crashes += 1
    received.to_message = "250 OK"
    service.stop()
    settle(service, site)
    check(service, site, notes)
    say(service, crashes, notes, opened, check_told(site, received, opened))

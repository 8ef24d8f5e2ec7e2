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
from pathlib import Path
from typing import Any

import pytest

from tests.notices.servers import Received, Unreliable
from tests.postgres import Server, find_programs, run
from tests.web.after_kills import check, check_told, people_at_work, settle, with_mail
from tests.web.killed import SENDER, Acknowledged, Service
from tests.web.site import Site

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.both_engines,  # the one that it is about is given: it is left to no other
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]


@pytest.fixture
def received() -> Unreliable:
    """What the mail catcher took."""
    return Unreliable()


@pytest.fixture
def service(site: Site, received: Received) -> Iterator[Service]:
    with with_mail(site, received) as service:
        yield service


def crash(server: Server) -> None:
    """PostgreSQL is killed in the middle of everything and starts again from its log."""
    folder = Path(server.address.query["host"])  # type: ignore[arg-type]
    program = find_programs("") / "pg_ctl"
    run(program, "-D", folder / "data", "-l", folder / "log", "-m", "immediate", "-w", "restart")


def wait(until: Any, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.02)


def say(service: Service, crashes: int, notes: Acknowledged, opened: Acknowledged, ended: Counter[str]) -> None:
    print(
        f"\n{service.kills} processes killed, PostgreSQL {crashes} times: {len(notes.words)} notes and "
        f"{len(opened.words)} openings acknowledged after {notes.retries + opened.retries} tries again, each there "
        f"once; notices of them: {dict(ended)}, from {SENDER}"
    )


def test_a_set_that_is_killed_once_each_tells_what_happened(
    service: Service, site: Site, received: Unreliable, postgresql_server: Server
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
    service: Service, site: Site, received: Unreliable, postgresql_server: Server
) -> None:
    """Jobs tick by the minute, and so the killing lasts for some; the mail catcher is as unreliable as any."""
    chosen, crashes = random.Random(7), 0
    service.start(jobs=2)
    with people_at_work(service, site, cases=2000) as (notes, opened):
        until = time.monotonic() + 240
        while time.monotonic() < until:
            time.sleep(chosen.uniform(0.5, 3))
            service.kill_one(chosen)
            if service.kills % 25 == 0:
                crash(postgresql_server)
                crashes += 1
    service.stop()
    settle(service, site)
    check(service, site, notes)
    say(service, crashes, notes, opened, check_told(site, received, opened))

"""Processes are killed with -9 while people send forms: what they were told is stored is there once, with its audit."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.notices.servers import Unreliable
from tests.web.after_kills import check, check_told, people_at_work, settle, with_mail
from tests.web.casework import Casework
from tests.web.killed import Acknowledged, Service, write_notes
from tests.web.site import Site

pytestmark = pytest.mark.both_engines

CLIENTS = ("officer", "officer", "colleague", "colleague")


@pytest.fixture
def service(site: Site, tmp_path: Path) -> Iterator[Service]:
    service = Service(site.database.engine.url.render_as_string(hide_password=False), tmp_path / "mailbox")
    service.start()
    yield service
    service.stop()


def work_under_kills(service: Service, site: Site, kills: int) -> Acknowledged:
    """Four people write notes while processes are killed; then everybody's last form is answered."""
    casework, done, acknowledged = Casework(site), Event(), Acknowledged()
    refs = {who: [casework.case(f"Wren {who}", officer=who) for _ in range(2)] for who in set(CLIENTS)}
    seen: Counter[str] = Counter()
    people = []
    for who in CLIENTS:
        ref = refs[who][seen[who]]
        seen[who] += 1
        people.append(Thread(target=write_notes, args=(service, who, ref, done, acknowledged), name=ref))
    for person in people:
        person.start()
    chosen = random.Random(7)
    while len(acknowledged.words) < len(CLIENTS) and all(person.is_alive() for person in people):
        time.sleep(0.05)
    while service.kills < kills:
        time.sleep(chosen.uniform(0.3, 0.9))
        service.kill_one(chosen)
        assert all(person.is_alive() for person in people), "somebody was answered what they should not"
    done.set()
    for person in people:
        person.join()
    return acknowledged


@pytest.mark.in_turn
def test_what_was_acknowledged_survives_a_few_kills(service: Service, site: Site) -> None:
    acknowledged = work_under_kills(service, site, kills=5)
    service.stop()
    assert len(acknowledged.words) > 4
    check(service, site, acknowledged)


@pytest.fixture
def received() -> Unreliable:
    """What the mail server took."""
    return Unreliable()


@pytest.fixture
def telling(site: Site, received: Unreliable) -> Iterator[Service]:
    """The same processes, which send by that mail server, and one more with jobs."""
    with with_mail(site, received) as service:
        service.start(jobs=2)
        yield service


@pytest.mark.slow
def test_what_was_acknowledged_survives_a_hundred_kills(telling: Service, site: Site, received: Unreliable) -> None:
    """Two write notes and two open cases of which others are told by mail, over a server that fails as they do.

    Jobs tick by the minute: the killing lasts for some.
    """
    chosen = random.Random(7)
    with people_at_work(telling, site, cases=2000) as (notes, opened):
        while telling.kills < 100:
            time.sleep(chosen.uniform(0.3, 2))
            telling.kill_one(chosen)
    telling.stop()
    settle(telling, site)
    check(telling, site, notes)
    ended = check_told(site, received, opened)
    assert received.refused
    assert received.slow
    sent = f"refused {received.refused}, was slow over {received.slow} and hung up over {received.unanswered}"
    print(
        f"\n{telling.kills} kills on {telling.url.split(':')[0]}: {len(notes.words)} notes and {len(opened.words)} "
        f"openings acknowledged, after {notes.retries + opened.retries} tries again; each is there once, with its "
        f"audit row. {ended.total()} notices of them: {dict(ended)}; {len(received.messages)} mails came, none "
        f"twice, from a server that {sent}"
    )

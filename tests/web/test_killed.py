"""Processes are killed with -9 while people send forms: what they were told is stored is there once, with its audit."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import make_url, select, text

from tests.web.casework import Casework
from tests.web.killed import Acknowledged, Service, write_notes
from tests.web.site import Site
from victimcare.queries.audit_check import check_audit
from victimcare.store import notes
from victimcare.store.notes import NOTES

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


def check(service: Service, site: Site, acknowledged: Acknowledged) -> None:
    with site.database.reading() as connection:
        rows = connection.execute(select(NOTES.c.id, NOTES.c.sealed)).all()
        stored = Counter(notes.words_of(row.id, row.sealed, Casework(site).vault) for row in rows)
        audited = connection.execute(text("SELECT count(*) FROM audit WHERE what = 'write note'")).scalar_one()
        assert check_audit(connection, []).wrong is None
    assert stored == Counter(acknowledged.words), "each acknowledged note once, and no other"
    assert audited == len(rows)
    if service.url.startswith("sqlite"):
        with closing(sqlite3.connect(str(make_url(service.url).database))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.in_turn
def test_what_was_acknowledged_survives_a_few_kills(service: Service, site: Site) -> None:
    acknowledged = work_under_kills(service, site, kills=5)
    service.stop()
    assert len(acknowledged.words) > 4
    check(service, site, acknowledged)


@pytest.mark.slow
def test_what_was_acknowledged_survives_a_hundred_kills(service: Service, site: Site) -> None:
    acknowledged = work_under_kills(service, site, kills=100)
    service.stop()
    check(service, site, acknowledged)
    told = f"{len(acknowledged.words)} notes acknowledged, after {acknowledged.retries} tries again"
    print(f"\n{service.kills} kills on {service.url.split(':')[0]}: {told}; each is there once, with its audit row")

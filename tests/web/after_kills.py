"""What people do while processes are killed, and what is asked of it afterwards.

SMTP cannot promise exactly once: of a notice whose sender died over it, or whose server hung up over it, nobody claims
that it was sent, and it is not sent again.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from sqlalchemy import func, make_url, select, text, update

from tests.notices.servers import Received, mail_server
from tests.web.casework import Casework, add_strangers
from tests.web.killed import Acknowledged, Service, channel_to, open_in_emergency, write_notes
from tests.web.site import Site
from victimcare.editions.law import published_law
from victimcare.jobs.delivery import deliver_outbox
from victimcare.jobs.work import Work
from victimcare.queries.audit_check import check_audit
from victimcare.store import notes
from victimcare.store.emergency_access import ACCESSES
from victimcare.store.notes import NOTES
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE

TOLD_OF_EACH = 2
"""The supervisor of the case's team, and who reviews."""
WHO = ("officer", "colleague")


@contextmanager
def with_mail(site: Site, received: Received) -> Iterator[Service]:
    """The processes of a site, not begun, and a mail server; everybody has an address, and the stranger works here."""
    add_strangers(site)
    with site.database.writing() as connection:
        connection.execute(update(PEOPLE).values(email=PEOPLE.c.id + "@example.invalid"))
    with mail_server(received) as port:
        service = Service(site.database.engine.url.render_as_string(hide_password=False), port)
        yield service
        service.stop()


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


def settle(service: Service, site: Site) -> None:
    """Hours later, with nothing killed any more: all that can be known of a notice is, however often it is tried."""
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
        audited = connection.execute(
            text("SELECT count(*) FROM audit WHERE what = 'emergency access: danger_to_victim'")
        ).scalar_one()
    assert accesses == len(set(opened.words)) == len(opened.words) == audited
    assert len(rows) == TOLD_OF_EACH * accesses
    assert len({(row.case_id, row.recipient_id) for row in rows}) == len(rows)
    arrived = Counter(str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in received.messages)
    assert set(arrived) <= {row.reference for row in rows}
    for row in rows:
        may_be = {"sent": {1}, "outcome_unknown": {0, 1}}[row.status]
        assert arrived[row.reference] in may_be, (row.status, arrived[row.reference])
    return Counter(row.status for row in rows)


def check(service: Service, site: Site, acknowledged: Acknowledged) -> None:
    """Each acknowledged note is there once with its row of the audit, whose chain holds, and the database is whole."""
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

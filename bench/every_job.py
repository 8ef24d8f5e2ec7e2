"""Every job of the schedule, in one force and in a database ten times as large: after the same week, and just after.

In both databases the same comes up in that week: nine of ten forces have nothing new. Everything but the backup is done
in a transaction that is rolled back, so the databases stay as they are.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, delete, func, insert, select, update

from bench.jobs import FIRST_COPY, only_one_force_is_behind
from bench.measuring import Measured, Took, both, in_words
from bench.worlds import AT, ten_worlds, world
from victimcare.domain.people import Person, Role
from victimcare.editions.law import published_law
from victimcare.exchange.backup.make import Backups
from victimcare.jobs.schedule import JOBS, Job
from victimcare.jobs.work import Work
from victimcare.notices.channel import Delivery, Notice, Outcome, TellsNothingMore
from victimcare.store import audit
from victimcare.store.audit_anchors import AnchorFile
from victimcare.store.cases import CASES
from victimcare.store.database import Database
from victimcare.store.journeys import EVENTS
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE
from victimcare.store.vault import Vault

_LAST = AT + timedelta(minutes=10)
"""The run before: what was written just before it might be looked at again, and everything was written at `AT`."""
_A_WEEK_ON = AT + timedelta(days=7)
_FLAT = 1.5
_ROUNDS = 5
_READS_EVERYTHING = {"backup", "verify-audit", "sweep-breaches", "propose-disposals"}
"""What cannot be flat: docs/performance.md says of each why."""
_CHANGED_CASES, _OPENED, _NOTICES = 200, 500, 200


def measure() -> list[Measured]:
    """Two lines a job: after a week in which the same came up in both databases, and when nothing did."""
    with TemporaryDirectory() as folder:
        small, large = (_each_job(file, Path(folder)) for file in (world(), ten_worlds()))
    lines = []
    for job in JOBS:
        aim = 10 * _FLAT if job.name in _READS_EVERYTHING else _FLAT
        for words, one, ten in zip(("a week", "nothing"), small[job.name], large[job.name], strict=True):
            took, against = f"{in_words(ten.processor)} at 10x", f"{in_words(one.processor)} at 1x"
            lines.append(Measured(f"{job.name}: {words}", took, against, ten.processor / one.processor, aim))
    return lines


def _each_job(file: Path, folder: Path) -> dict[str, list[Took]]:
    database = _Undone(f"sqlite:///{file}")
    with database.connection.begin() as transaction:
        _the_week(database.connection)
        found = {job.name: _took(job, database, folder) for job in JOBS if job.name != "backup"}
        transaction.rollback()
    database.connection.close()
    # It reads what is stored, and writes down that it did: not inside a transaction that holds the one turn to write.
    found |= {job.name: _took(job, database, folder) for job in JOBS if job.name == "backup"}
    database.close()
    return found


def _took(job: Job, database: _Undone, folder: Path) -> list[Took]:
    return [_quickest(job, work) for work in _works(job, database, folder)]


def _works(job: Job, database: _Undone, folder: Path) -> Iterator[Work]:
    """After the week, and then, all of it done, a moment later."""
    backups = Backups(folder / "backups", bytes(32), Vault(bytes(32)).fingerprint)
    anchors = AnchorFile(folder / "anchors", key_file=folder / "anchor.key")
    for now, reached_at in ((_A_WEEK_ON, _LAST), (_A_WEEK_ON + timedelta(minutes=1), _A_WEEK_ON)):
        used = Database(database.url) if job.name == "backup" else database
        given = {"clock": lambda now=now: now, "backups": backups, "anchors": anchors}
        work = Work(used, published_law(), _Nowhere(), now, reached_at, **given)
        yield work
        if job.name != "backup":
            job.task(work)
            # Of what is told, so much is sent as would be in a smaller force: the same in both.
            database.connection.execute(delete(OUTBOX).where(OUTBOX.c.created_at > AT))


def _quickest(job: Job, work: Work) -> Took:
    def undone() -> None:
        with work.database.connection.begin_nested() as savepoint:  # type: ignore[attr-defined]
            job.task(work)
            savepoint.rollback()

    if job.name == "backup":
        return both(lambda: job.task(work))
    rounds = 1 if job.name in _READS_EVERYTHING else _ROUNDS
    return min((both(undone) for _ in range(rounds)), key=lambda took: took.processor)


class _Undone(Database):
    """Everything in one transaction of the caller's, which they roll back."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.connection = self.engine.connect()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        yield self.connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self.connection.begin_nested():
            yield self.connection


class _Nowhere(TellsNothingMore):
    """A channel that costs nothing."""

    def send(self, notice: Notice) -> None:
        pass

    def outcome(self, reference: str, *, sealed: bool) -> Outcome:
        return Outcome.UNKNOWN


def _the_week(connection: Connection) -> None:
    """The same in both: cases that changed, cases that were opened, and notices that wait or were taken."""
    only_one_force_is_behind(connection)
    nobody_stands_still = {"stands_since_on": None, "silent_since_on": None}
    connection.execute(update(CASES).where(CASES.c.id >= FIRST_COPY).values(nobody_stands_still))
    cases = list(connection.execute(select(CASES.c.id).order_by(CASES.c.id).limit(_CHANGED_CASES)).scalars())
    latest = connection.execute(select(func.max(EVENTS.c.id))).scalar_one()
    event = {"kind": "vps_offered", "happened_on": _A_WEEK_ON.date(), "precision": "day", "recorded_by": "system"}
    in_the_week = [
        {**event, "id": latest + n, "key": f"bench-{n}", "recorded_at": AT + timedelta(minutes=20 * n), "case_id": case}
        for n, case in enumerate(cases, 1)
    ]
    connection.execute(insert(EVENTS), in_the_week)
    connection.execute(update(PEOPLE).values(email=PEOPLE.c.id + "@example.invalid", each_notice_alone=True))
    officer = connection.execute(select(PEOPLE).where(PEOPLE.c.role == Role.OFFICER.value).limit(1)).one()
    who = Person(officer.id, officer.name, Role.OFFICER, officer.team_id)
    for n in range(_OPENED):
        at = AT + timedelta(minutes=15 * n)
        audit.write(connection, at=at, operation="consultation", what="case", person=who, case_ids=[cases[n % 200]])
    connection.execute(delete(OUTBOX))
    notice = {"rule": "R6-ARR", "step": "due", "due_on": AT.date(), "told_as": "officer", "recipient_id": officer.id}
    times = {"created_at": AT, "next_try_at": AT, "attempts": 0}
    for status, taken in (("waiting", {}), ("sent", {"sent_at": AT, "delivery": Delivery.ACCEPTED.value})):
        rows = [
            {**notice, **times, **taken, "status": status, "case_id": case, "start_key": status, "reference": f"{n}"}
            | {"reference": secrets.token_hex(16)}
            for n, case in enumerate(cases[:_NOTICES])
        ]
        connection.execute(insert(OUTBOX), rows)

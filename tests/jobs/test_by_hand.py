"""Every job of the schedule, run by hand for a given day: first to see what it would do, then to do it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from tests.force import VAULT, Force, a_force
from tests.jobs.counted import Clock, Nowhere, runs
from tests.jobs.test_tasks import DAY_AFTER, NOW, cases
from tests.notices.servers import free_port
from tests.outbox import give_addresses, send_all, write_reminders
from tests.postgres import find_programs
from victimcare.commands.send_message import Post
from victimcare.editions.force_policy import published_policy
from victimcare.exchange.backup.make import Backups
from victimcare.jobs.runner import run_job
from victimcare.jobs.schedule import JOBS
from victimcare.notices.channel import Delivery
from victimcare.store.audit_anchors import AnchorFile
from victimcare.store.outbox import OUTBOX

LATER = DAY_AFTER + timedelta(days=3)
FINDS = {
    "find-breaches": "3 cases with a duty that is newly late",
    "sweep-breaches": "3 cases with a duty that is newly late",
    "remind": "3 duties at a step of the ladder, some told of already",
    "deliver-outbox": "6 notices waiting",
    "ask-deliveries": "3 notices of which nothing was told yet",
}
"""What some of them find in the force of this test."""


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    """Three duties that were due yesterday; of their day somebody was told, and what is told of today waits."""
    force = a_force(database_url)
    give_addresses(force)
    cases(force, 3)
    write_reminders(force, NOW)
    send_all(force, NOW)
    with force.database.writing() as connection:
        connection.execute(OUTBOX.update().values(delivery=Delivery.ACCEPTED.value))
    write_reminders(force, DAY_AFTER, reached_at=NOW)
    yield force
    force.database.close()


@pytest.fixture
def outside(force: Force, tmp_path: Path) -> dict[str, Any]:
    """What jobs are given besides the database. The list of bank holidays is published where nobody answers."""
    programs = None if force.database.engine.dialect.name == "sqlite" else find_programs("")
    return {
        "law": force.law,
        "channel": Nowhere(),
        "post": Post(VAULT, published_policy()),
        "clock": Clock(LATER),
        "anchors": AnchorFile(tmp_path / "anchors", key_file=tmp_path / "key"),
        "backups": Backups(tmp_path / "backups", bytes(32), "of the vault", programs=programs),
    }


def everything(force: Force) -> dict[str, list[str]]:
    """Every row of every table."""
    with force.database.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in SQLModel.metadata.sorted_tables
        }


def test_every_job_says_what_it_would_do_on_a_given_day_and_does_nothing(
    force: Force, outside: dict[str, Any], tmp_path: Path
) -> None:
    before = everything(force)
    nobody = f"http://127.0.0.1:{free_port()}/bank-holidays.json"
    for job in JOBS:
        said = run_job(force.database, job.name, at=DAY_AFTER, dry_run=True, holidays_address=nobody, **outside)
        assert said.succeeded, (job.name, said.summary)
        assert said.summary == FINDS.get(job.name, said.summary), job.name
        assert everything(force) == before, job.name
        assert (outside["channel"].sent, list(tmp_path.iterdir())) == ([], []), job.name


def test_every_job_is_done_by_hand_for_a_given_day(force: Force, outside: dict[str, Any]) -> None:
    for job in JOBS:
        done = run_job(force.database, job.name, at=DAY_AFTER, **outside)
        assert done.succeeded, (job.name, done.summary)
    assert {(run.job, run.slot_at, run.status) for run in runs(force.database)} == {
        (job.name, DAY_AFTER, "done") for job in JOBS
    }
    with force.database.reading() as connection:
        left = connection.execute(select(func.count()).select_from(OUTBOX).where(OUTBOX.c.sent_at == DAY_AFTER))
        assert left.scalar_one() == len(outside["channel"].sent) == 6

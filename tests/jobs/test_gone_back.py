"""From an older copy that was put in the place of the database nothing is sent, until somebody has settled it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from tests.backups import NOW, furnish
from tests.conftest import NewDatabase
from tests.force import Force
from tests.jobs.counted import Nowhere
from tests.jobs.test_tasks import work
from victimcare.editions.escalation import published_ladder
from victimcare.editions.law import published_law
from victimcare.exchange.backup.kind import Unsound
from victimcare.exchange.backup.restore import PutBack, settle_put_back
from victimcare.jobs.delivery import deliver_outbox
from victimcare.jobs.events_out import tell_systems
from victimcare.jobs.tasks import anchor_audit
from victimcare.jobs.work import Done, Work
from victimcare.queries.audit_check import check_audit
from victimcare.store.append_only import released
from victimcare.store.audit import AUDIT
from victimcare.store.audit_anchors import AnchorFile
from victimcare.store.in_use import InUse
from victimcare.store.opening import opened

Task = Callable[[Work], Done]
SENT_AT = NOW - timedelta(days=1)
"""When the reminders of `furnish` leave."""


@dataclass(frozen=True)
class Installation:
    """A database and the anchors of its audit."""

    url: str
    anchors: AnchorFile

    def run(self, task: Task, channel: Nowhere) -> Done:
        """A job, on the database as it is."""
        with opened(self.url) as database:
            force = Force(database, published_law(), *[None] * 7)  # type: ignore[list-item]
            return task(replace(work(force, SENT_AT, channel=channel), anchors=self.anchors))

    def settle(self) -> PutBack:
        how = {"law": published_law(), "ladder": published_ladder(), "now": SENT_AT}
        return settle_put_back(self.url, anchors=self.anchors, **how)


@pytest.fixture
def put_back(migrated_database: NewDatabase, new_database: NewDatabase, tmp_path: Path) -> Installation:
    """An installation with a copy in the place of its database: since it was made the day's notices were sent."""
    furnish(url := migrated_database()).database.close()
    anchors = AnchorFile(tmp_path / "anchors.jsonl", key_file=tmp_path / "audit.key")
    before, copy = Installation(url, anchors), new_database(copy_of=url)
    channel = Nowhere()
    assert before.run(deliver_outbox, channel) == Done("4 sent")
    before.run(anchor_audit, channel)
    assert before.run(deliver_outbox, channel) == Done("Nothing to send"), "no row is missing"
    return Installation(copy, anchors)


@pytest.mark.parametrize("task", [deliver_outbox, tell_systems])
def test_nothing_is_sent_from_it_and_the_job_says_what_to_do(put_back: Installation, task: Task) -> None:
    channel = Nowhere()
    done = put_back.run(task, channel)
    assert done.failures
    assert "run `victimcare settle-restored`" in done.summary
    put_back.run(anchor_audit, channel)
    assert put_back.run(task, channel) == done, "anchored, it would pass for what it is not"
    assert not channel.sent


def test_once_it_is_settled_what_had_left_does_not_leave_again(put_back: Installation) -> None:
    done = put_back.settle()
    assert done.held_back > 0
    channel = Nowhere()
    assert put_back.run(deliver_outbox, channel) == Done("Nothing to send")
    assert not channel.sent
    with opened(put_back.url) as database, database.reading() as connection:
        found = check_audit(connection, put_back.anchors.anchors())
    assert found.wrong is None
    assert [lost.made_at for lost in found.lost] == [done.as_of]


def test_without_anchors_nobody_can_tell(put_back: Installation) -> None:
    put_back.anchors.file.unlink()
    assert put_back.run(deliver_outbox, Nowhere()) == Done("4 sent")


@pytest.mark.parametrize("line", ["{not a line", ""])
def test_a_last_line_of_the_anchors_that_cannot_be_read_is_said(put_back: Installation, line: str) -> None:
    with put_back.anchors.file.open("a") as file:
        file.write(f"{line}\n")
    done = put_back.run(deliver_outbox, Nowhere())
    assert (done.failures, done.summary) == (1, f"Line 2 of {put_back.anchors.file} cannot be read")


def test_a_copy_whose_audit_was_changed_is_not_settled(put_back: Installation) -> None:
    with opened(put_back.url) as database, database.writing() as connection, released(connection, "audit"):
        connection.execute(update(AUDIT).where(AUDIT.c.seq == 2).values(person_id="o2"))
    with pytest.raises(Unsound, match="row 2 was changed"):
        put_back.settle()
    with opened(put_back.url) as database, database.reading() as connection:
        waiting = text("SELECT count(*) FROM outbox WHERE status = 'waiting'")
        assert connection.execute(waiting).scalar_one() == 4


def test_nobody_works_on_it_meanwhile(put_back: Installation) -> None:
    with opened(put_back.url), pytest.raises(InUse):
        put_back.settle()

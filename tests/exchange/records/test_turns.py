"""Of many records that wait for one, some are joined to it at once and the others in turn; none waits for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.exchange.records.said import NOW, Records, arrest, contact, crime, suspect, victim
from tests.force import VAULT
from victimcare.commands.send_message import Post
from victimcare.editions.force_policy import published_policy
from victimcare.editions.law import published_law
from victimcare.exchange.records.decisions import Taking
from victimcare.exchange.records.schema import RECORD
from victimcare.exchange.records.taking import take
from victimcare.jobs.tasks import join_records
from victimcare.jobs.work import Work
from victimcare.notices.mailbox import Mailbox
from victimcare.store import crimes
from victimcare.store.source_records import ITS_TURN

CONTACTS = tuple(contact(f"K{number}", happened_at=f"2026-05-{number:02}T09:00:00Z") for number in range(22, 29))


@pytest.fixture
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = replace(published_policy(), joined_at_once=2)
    monkeypatch.setattr("victimcare.exchange.records.taking.published_policy", lambda: policy)


def job(records: Records, now: datetime = NOW, **more: Any) -> str:
    channel = Mailbox(records.folder / "mail", sender="care@police.invalid")
    post = Post(VAULT, published_policy())
    return join_records(Work(records.database, published_law(), channel, now, post=post, **more)).summary


def sent(records: Records, said: Any) -> int:
    """As a system sends one record: how many that waited were joined to it."""
    with records.database.writing() as connection:
        crimes.lock_imports(connection)
        _, *joined = take(Taking(connection, published_law(), VAULT, NOW), RECORD.validate_python(said))
    return len(joined)


def waiting(records: Records, what: str) -> int:
    [(count,)] = records.rows(f"SELECT count(*) FROM source_record WHERE waits_for = '{what}'")
    return int(count)


@pytest.mark.usefixtures("two_at_once")
def test_of_many_that_waited_for_one_some_are_joined_and_the_job_joins_the_others(records: Records) -> None:
    records.take(victim(), suspect(), arrest(), *CONTACTS)
    assert sent(records, crime()) == 2, "the victim and the suspect"
    assert waiting(records, ITS_TURN) == len(CONTACTS) + 1, "what hangs on both, whether or not there was room"
    assert job(records, dry_run=True) == "8 records to be joined"
    assert job(records) == "8 records joined"
    assert records.rows("SELECT count(*) FROM source_record WHERE state = 'waiting'") == [(0,)]
    bounded = records.standing()
    assert len(records.stored().case.journey.chains()) > len(CONTACTS)
    assert job(records) == "0 records joined"
    assert records.take(crime(), victim(), suspect(), arrest(), *CONTACTS).reconciliation.agrees
    assert records.standing() == bounded


@pytest.mark.usefixtures("two_at_once")
def test_a_run_of_files_joins_all_that_waited_before_it_ends(records: Records) -> None:
    records.take(victim(), suspect(), arrest(), *CONTACTS)
    assert records.take(crime()).joined == len(CONTACTS) + 3
    assert records.rows("SELECT count(*) FROM source_record WHERE state = 'waiting'") == [(0,)]


def test_what_waits_is_forgotten_so_many_days_after_it_came_last(records: Records) -> None:
    days = published_policy().keep_waiting
    records.take(victim(name="Avocet Canary"), contact())
    records.take(victim(name="Avocet Canary"), at=NOW + timedelta(days=30))
    assert job(records, NOW + timedelta(days=days)) == "0 records joined"
    over, forgotten = NOW + timedelta(days=days, seconds=1), f"1 forgotten, which waited for {days} days"
    assert job(records, over) == f"0 records joined, {forgotten}"
    assert records.rows("SELECT kind FROM source_record") == [("victim",)], "its system said it again since"
    assert records.rows("SELECT operation, what FROM audit ORDER BY seq DESC LIMIT 1") == [
        ("erasure", "forget 1 records that waited")
    ]
    assert job(records, NOW + timedelta(days=days + 31)).endswith(forgotten)
    assert records.take(crime(), victim(), contact()).is_whole, "sent again it is taken"
    later = NOW + timedelta(days=400)
    assert job(records, later) == "0 records joined"
    assert records.take(crime(), victim(), contact(), at=later).reconciliation.agrees, (
        "what was taken is never forgotten"
    )


def test_without_the_key_it_is_no_success(records: Records) -> None:
    channel = Mailbox(records.folder / "mail", sender="care@police.invalid")
    assert join_records(Work(records.database, published_law(), channel, NOW)).failures == 1

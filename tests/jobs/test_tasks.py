"""The jobs themselves on a database: what they say, and that one failure stops nothing else."""

import os
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from tests.force import Force, a_force
from tests.jobs.counted import Clock, Nowhere
from tests.notices.servers import Received, free_port, mail_server
from tests.outbox import DUE_ON, VICTIM, case_of_an_arrest, eight, give_addresses, outbox, write_reminders
from tests.postgres import find_programs
from victimcare.commands.deliver_notices import LEASE
from victimcare.editions.law import published_law
from victimcare.exchange.backup.make import Backups
from victimcare.jobs import chunks, reminders, tasks
from victimcare.jobs.work import Stopped, Work
from victimcare.notices.channel import Channel, Notice
from victimcare.notices.mailbox import Mailbox
from victimcare.notices.smtp import MailServer
from victimcare.store.breaches import BREACHES
from victimcare.store.database import Database
from victimcare.store.dues import DUES
from victimcare.store.staff import PEOPLE

NOW = eight(DUE_ON)
DAY_AFTER = eight(DUE_ON + timedelta(days=1))


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    give_addresses(force)
    yield force
    force.database.close()


def work(force: Force, now: datetime = NOW, **given: Any) -> Work:
    channel = given.pop("channel", Nowhere())
    return Work(force.database, force.law, channel, now, clock=given.pop("clock", lambda: now), **given)


def cases(force: Force, count: int) -> list[int]:
    return [case_of_an_arrest(force, ref=f"40/{number}/26")[0].id for number in range(count)]


def breached(force: Force) -> list[int]:
    with force.database.reading() as connection:
        return sorted(connection.execute(select(BREACHES.c.case_id)).scalars())


def test_find_breaches_says_how_many_it_found(force: Force) -> None:
    cases(force, 3)
    assert tasks.find_breaches(work(force, DAY_AFTER, dry_run=True)).summary == "3 cases with a duty that is newly late"
    assert tasks.find_breaches(work(force, DAY_AFTER)).summary == "3 new breaches"
    assert tasks.find_breaches(work(force, DAY_AFTER)).summary == "0 new breaches"


def test_one_case_that_fails_does_not_stop_the_others_and_is_told_of(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = cases(force, 3)
    find = tasks.find_breaches_in

    def fails_for_the_second(connection: Any, *, case_ids: Sequence[int], now: datetime) -> int:
        found = find(connection, case_ids=case_ids, now=now)
        if second in case_ids:
            raise ValueError("this case is broken")
        return found

    monkeypatch.setattr(tasks, "find_breaches_in", fails_for_the_second)
    done = tasks.find_breaches(work(force, DAY_AFTER))
    assert (done.summary, done.failures) == ("2 new breaches; 1 failed and will be tried again", 1)
    assert breached(force) == [first, third]
    monkeypatch.undo()
    assert tasks.find_breaches(work(force, DAY_AFTER)).summary == "1 new breach"


def test_when_everything_fails_the_run_gives_up(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    cases(force, 4)
    monkeypatch.setattr(chunks, "MOST_FAILURES", 2)
    tried = []

    def fails(connection: Any, *, case_ids: Sequence[int], now: datetime) -> int:
        tried.append(list(case_ids))
        raise OSError("the disk is full")

    monkeypatch.setattr(tasks, "find_breaches_in", fails)
    with pytest.raises(OSError, match="disk"):
        tasks.find_breaches(work(force, DAY_AFTER))
    assert len(tried) == 1 + 3


def test_sweeping_looks_everywhere_whatever_an_earlier_run_reached(force: Force) -> None:
    cases(force, 1)
    much_later = eight(DUE_ON + timedelta(days=60))
    reached = {"reached_at": much_later - timedelta(hours=1)}
    assert tasks.find_breaches(work(force, much_later, **reached)).summary == "0 new breaches"
    assert tasks.sweep_breaches(work(force, much_later, **reached)).summary == "1 new breach"


def test_remind_says_how_many_it_wrote(force: Force) -> None:
    cases(force, 2)
    assert (
        reminders.remind(work(force, dry_run=True)).summary == "2 duties at a step of the ladder, some told of already"
    )
    assert outbox(force) == []
    assert reminders.remind(work(force)).summary == "2 new reminders"
    assert reminders.remind(work(force)).summary == "0 new reminders"


def test_the_outbox_goes_out_and_no_mail_names_a_victim(force: Force, tmp_path: Path) -> None:
    cases(force, 3)
    write_reminders(force, NOW)
    write_reminders(force, DAY_AFTER, reached_at=NOW)
    mailbox = Mailbox(tmp_path / "mail", sender="care@police.invalid")
    assert tasks.deliver_outbox(work(force, DAY_AFTER, channel=mailbox)).summary == "6 sent, 3 set aside"
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in (tmp_path / "mail").iterdir()]
    assert Counter(mail["To"] for mail in mails) == {"ash@example.invalid": 3, "elm@example.invalid": 3}
    said = "\n".join(f"{mail['Subject']} {mail.get_content()}" for mail in mails)  # type: ignore[attr-defined]
    assert not [word for word in (*VICTIM.split(), "Luton", "Burglary", "Suspect") if word in said]
    assert tasks.deliver_outbox(work(force, DAY_AFTER, channel=mailbox)).summary == "Nothing to send"


def test_two_workers_at_once_send_each_notice_once(force: Force) -> None:
    cases(force, 15)
    write_reminders(force, DAY_AFTER)
    begin, channel = Barrier(2), Nowhere()

    def deliver(_: int) -> None:
        database = Database(str(force.database.engine.url.render_as_string(hide_password=False)))
        begin.wait(10)
        tasks.deliver_outbox(replace(work(force, DAY_AFTER, channel=channel), database=database))
        database.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(deliver, range(2)))
    sent = Counter(notice.reference for notice in channel.sent)
    assert len(sent) == 30
    assert set(sent.values()) == {1}
    assert {item.status for item in outbox(force)} == {"sent"}


def test_a_worker_killed_while_it_sends_leaves_nothing_unsent_and_nothing_sent_twice(
    force: Force, tmp_path: Path
) -> None:
    cases(force, 4)
    write_reminders(force, DAY_AFTER)
    url = force.database.engine.url.render_as_string(hide_password=False)
    for sends in (1, 3):
        worker = get_context("spawn").Process(target=deliver_and_die, args=(url, tmp_path, sends))
        worker.start()
        worker.join(60)
        assert worker.exitcode == -signal.SIGKILL
    # The second found out about the first's, sent two and died over a third.
    assert Counter(item.status for item in outbox(force)) == {"sent": 3, "outcome_unknown": 1, "leased": 4}
    later = DAY_AFTER + 2 * (LEASE + timedelta(seconds=1))
    tasks.deliver_outbox(work(force, later, channel=Mailbox(tmp_path, sender="care@police.invalid")))
    assert Counter(item.status for item in outbox(force)) == {"sent": 8}
    assert sorted(file.stem for file in tmp_path.glob("*.eml")) == sorted(item.reference for item in outbox(force))
    log = (tmp_path / "log").read_text().split()
    assert len(log) == len(set(log)) == 4


@dataclass
class Deadly:
    """A mailbox that kills its process after so many notices: the file is there, and nobody was told."""

    inner: Mailbox
    log: Path
    sends: int

    def send(self, notice: Notice) -> None:
        self.inner.send(notice)
        with self.log.open("a") as file:
            file.write(f"{notice.reference}\n")
        self.sends -= 1
        if not self.sends:
            os.kill(os.getpid(), signal.SIGKILL)

    def outcome(self, reference: str) -> Any:
        return self.inner.outcome(reference)


def deliver_and_die(url: str, folder: Path, sends: int) -> None:
    # The first worker leased everything: the second is started when that lease is over.
    now = DAY_AFTER if sends == 1 else DAY_AFTER + LEASE + timedelta(seconds=1)
    channel: Channel = Deadly(Mailbox(folder, sender="care@police.invalid"), folder / "log", sends)
    tasks.deliver_outbox(Work(Database(url), published_law(), channel, now, clock=lambda: now))


def test_a_mail_server_that_is_down_costs_three_attempts_a_run_and_loses_nothing(force: Force) -> None:
    cases(force, 6)
    write_reminders(force, NOW)
    clock = Clock(NOW)
    down = MailServer("127.0.0.1", free_port(), sender="care@police.invalid", timeout=2)
    done = tasks.deliver_outbox(work(force, channel=down, clock=clock))
    assert (done.summary, done.failures) == ("3 not sent", 3)
    assert sum(item.attempts for item in outbox(force)) == 3
    received = Received()
    with mail_server(received) as port:
        up = MailServer("127.0.0.1", port, sender="care@police.invalid")
        clock.forward(minutes=5)
        assert tasks.deliver_outbox(work(force, clock.now, channel=up, clock=clock)).summary == "6 sent"
    assert len({message["Message-ID"] for message in received.messages}) == len(received.messages) == 6


def test_a_recipient_whom_the_server_refuses_does_not_hold_up_the_others(force: Force) -> None:
    cases(force, 2)
    write_reminders(force, DAY_AFTER)
    with force.database.writing() as connection:
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == "ash").values(email="not an address\n"))
    done = tasks.deliver_outbox(work(force, DAY_AFTER, channel=Mailbox(Path(os.devnull), sender="x@y.invalid")))
    assert done.summary == "2 not sent, 2 refused"


def test_a_notice_that_breaks_its_channel_stops_nothing_else(force: Force) -> None:
    class Fragile(Nowhere):
        def send(self, notice: Notice) -> None:
            if notice.address.startswith("ash"):
                raise KeyError(notice.address)
            super().send(notice)

    cases(force, 2)
    write_reminders(force, DAY_AFTER)
    channel = Fragile()
    done = tasks.deliver_outbox(work(force, DAY_AFTER, channel=channel))
    assert len(channel.sent) == 2
    assert done.summary == "2 broken, 2 sent"
    assert done.failures == 2


def test_a_long_delivery_stops_in_time_for_its_lease(force: Force) -> None:
    class Slow(Nowhere):
        def send(self, notice: Notice) -> None:
            super().send(notice)
            clock.forward(minutes=4)

    cases(force, 4)
    write_reminders(force, NOW)
    clock = Clock(NOW)
    channel = Slow()
    tasks.deliver_outbox(work(force, channel=channel, clock=clock))
    assert len(channel.sent) == 2
    assert Counter(item.status for item in outbox(force)) == {"sent": 2, "waiting": 2}


def test_deadlines_that_are_not_as_derived_fail_the_check(force: Force) -> None:
    cases(force, 2)
    assert tasks.check_projection(work(force)).failures == 0
    with force.database.writing() as connection:
        connection.execute(DUES.update().where(DUES.c.rule == "R6-ARR").values(due_on=date(2026, 7, 1)))
    done = tasks.check_projection(work(force))
    assert (done.summary, done.failures) == ("2 rows not as derived: run `victimcare rebuild`", 2)


def test_the_bank_holidays_check_says_how_far_they_reach(force: Force) -> None:
    assert tasks.check_bank_holidays(work(force)).summary == "Bank holidays are known until Sunday 31 December 2028"


def test_the_nightly_backup_says_what_it_made(force: Force, tmp_path: Path) -> None:
    programs = None if force.database.engine.dialect.name == "sqlite" else find_programs("")
    backups = Backups(tmp_path, bytes(32), "of the vault", programs=programs)
    done = tasks.back_up(work(force, backups=backups))
    (made,) = tmp_path.glob("*.backup")
    assert done.failures == 0
    assert done.summary.startswith(f"{made.name}: ")
    assert done.summary.endswith(" rows, read again; 0 older backups deleted")


def test_a_backup_stops_with_the_scheduler(force: Force, tmp_path: Path) -> None:
    programs = None if force.database.engine.dialect.name == "sqlite" else find_programs("")
    backups = Backups(tmp_path, bytes(32), "of the vault", programs=programs)
    with pytest.raises(Stopped):
        tasks.back_up(work(force, backups=backups, stopping=lambda: True))
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_no_backup_is_claimed(force: Force) -> None:
    assert tasks.back_up(work(force)).failures == 1

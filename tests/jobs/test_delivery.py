"""Emptying the outbox: each notice once, whatever dies or fails on the way, and what a provider tells of it."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from tests.force import Force, a_force
from tests.jobs.counted import Clock, Nowhere
from tests.jobs.test_tasks import DAY_AFTER, NOW, cases, work
from tests.notices.servers import Received, free_port, mail_server
from tests.outbox import VICTIM, give_addresses, outbox, write_reminders
from victimcare.commands.deliver_notices import LEASE
from victimcare.editions.law import published_law
from victimcare.jobs import delivery
from victimcare.jobs.work import Work
from victimcare.notices.channel import Channel, Notice, Outcome, TellsNothingMore
from victimcare.notices.mailbox import Mailbox
from victimcare.notices.smtp import MailServer
from victimcare.store.database import Database
from victimcare.store.staff import PEOPLE

pytestmark = pytest.mark.both_engines  # what two do at once


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    give_addresses(force)
    yield force
    force.database.close()


def test_the_outbox_goes_out_and_no_mail_names_a_victim(force: Force, tmp_path: Path) -> None:
    cases(force, 3)
    write_reminders(force, NOW)
    write_reminders(force, DAY_AFTER, reached_at=NOW)
    mailbox = Mailbox(tmp_path / "mail", sender="care@police.invalid")
    assert delivery.deliver_outbox(work(force, DAY_AFTER, channel=mailbox)).summary == "6 sent, 3 set aside"
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in (tmp_path / "mail").iterdir()]
    assert Counter(mail["To"] for mail in mails) == {"ash@example.invalid": 3, "elm@example.invalid": 3}
    said = "\n".join(f"{mail['Subject']} {mail.get_content()}" for mail in mails)  # type: ignore[attr-defined]
    assert not [word for word in (*VICTIM.split(), "Luton", "Burglary", "Suspect") if word in said]
    assert delivery.deliver_outbox(work(force, DAY_AFTER, channel=mailbox)).summary == "Nothing to send"


def test_two_workers_at_once_send_each_notice_once(force: Force) -> None:
    cases(force, 15)
    write_reminders(force, DAY_AFTER)
    begin, channel = Barrier(2), Nowhere()

    def deliver(_: int) -> None:
        database = Database(str(force.database.engine.url.render_as_string(hide_password=False)))
        begin.wait(10)
        delivery.deliver_outbox(replace(work(force, DAY_AFTER, channel=channel), database=database))
        database.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(deliver, range(2)))
    sent = Counter(notice.reference for notice in channel.sent)
    assert len(sent) == 30
    assert set(sent.values()) == {1}
    assert {item.status for item in outbox(force)} == {"sent"}


class KnowsOfNothing(Nowhere):
    """A channel that was handed nothing, and says so."""

    def outcome(self, reference: str, *, sealed: bool) -> Outcome:
        return Outcome.NOT_SENT


def test_a_digest_that_took_long_to_make_ready_is_not_sent_by_somebody_else_too(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    with force.database.writing() as connection:
        connection.execute(PEOPLE.update().values(each_notice_alone=False))
    cases(force, 2)
    write_reminders(force, NOW - timedelta(hours=1))
    clock, begin = Clock(NOW), delivery.delivery.begin_sending
    others = KnowsOfNothing()

    def slowly(*given: Any, **named: Any) -> Notice | None:
        notice = begin(*given, **named)
        clock.forward(minutes=11)
        return notice

    class WhileOthersLook(Nowhere):
        def send(self, notice: Notice) -> None:
            monkeypatch.undo()
            delivery.deliver_outbox(work(force, clock.now, channel=others, clock=clock))
            super().send(notice)

    channel = WhileOthersLook()
    monkeypatch.setattr(delivery.delivery, "begin_sending", slowly)
    delivery.deliver_outbox(work(force, NOW, channel=channel, clock=clock))
    assert (len(channel.sent), others.sent) == (1, [])
    assert {item.status for item in outbox(force)} == {"sent"}


@pytest.mark.in_turn
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
    delivery.deliver_outbox(work(force, later, channel=Mailbox(tmp_path, sender="care@police.invalid")))
    assert Counter(item.status for item in outbox(force)) == {"sent": 8}
    assert sorted(file.stem for file in tmp_path.glob("*.eml")) == sorted(item.reference for item in outbox(force))
    log = (tmp_path / "log").read_text().split()
    assert len(log) == len(set(log)) == 4


@dataclass
class Deadly(TellsNothingMore):
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

    def outcome(self, reference: str, *, sealed: bool) -> Any:
        return self.inner.outcome(reference, sealed=sealed)


def deliver_and_die(url: str, folder: Path, sends: int) -> None:
    # The first worker leased everything: the second is started when that lease is over.
    now = DAY_AFTER if sends == 1 else DAY_AFTER + LEASE + timedelta(seconds=1)
    channel: Channel = Deadly(Mailbox(folder, sender="care@police.invalid"), folder / "log", sends)
    delivery.deliver_outbox(Work(Database(url), published_law(), channel, now, clock=lambda: now))


def test_a_mail_server_that_is_down_costs_three_attempts_a_run_and_loses_nothing(force: Force) -> None:
    cases(force, 6)
    write_reminders(force, NOW)
    clock = Clock(NOW)
    down = MailServer("127.0.0.1", free_port(), sender="care@police.invalid", timeout=2)
    done = delivery.deliver_outbox(work(force, channel=down, clock=clock))
    assert (done.summary, done.failures) == ("3 not sent", 3)
    assert sum(item.attempts for item in outbox(force)) == 3
    received = Received()
    with mail_server(received) as port:
        up = MailServer("127.0.0.1", port, sender="care@police.invalid")
        clock.forward(minutes=5)
        assert delivery.deliver_outbox(work(force, clock.now, channel=up, clock=clock)).summary == "6 sent"
    assert len({message["Message-ID"] for message in received.messages}) == len(received.messages) == 6


def test_a_recipient_whom_the_server_refuses_does_not_hold_up_the_others(force: Force) -> None:
    cases(force, 2)
    write_reminders(force, DAY_AFTER)
    with force.database.writing() as connection:
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == "ash").values(email="not an address\n"))
    done = delivery.deliver_outbox(work(force, DAY_AFTER, channel=Mailbox(Path(os.devnull), sender="x@y.invalid")))
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
    done = delivery.deliver_outbox(work(force, DAY_AFTER, channel=channel))
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
    delivery.deliver_outbox(work(force, channel=channel, clock=clock))
    assert len(channel.sent) == 2
    assert Counter(item.status for item in outbox(force)) == {"sent": 2, "waiting": 2}

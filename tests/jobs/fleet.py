"""Schedulers and workers as processes on one database, with one clock that only the test moves, which are killed."""

from __future__ import annotations

import fcntl
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from tests.forked import FORKED
from victimcare.editions.law import published_law
from victimcare.jobs.delivery import deliver_outbox
from victimcare.jobs.runner import Runner
from victimcare.jobs.schedule import job_named
from victimcare.jobs.work import Work
from victimcare.notices.channel import Notice
from victimcare.notices.mailbox import Mailbox
from victimcare.store.database import Database

TELLING = ("remind", "remind-urgently")
_A_MOMENT = 0.1
_A_WHILE = timedelta(minutes=5)


class Counting(Mailbox):
    """A mailbox that notes each notice that it sent: one that is noted twice was sent twice."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "mail", sender="care@police.invalid")
        self._notes = folder / "notes"

    def send(self, notice: Notice) -> None:
        super().send(notice)
        with self._notes.open("a") as file:
            file.write(f"{notice.reference}\n")


def _clock(shared: Any) -> Callable[[], datetime]:
    return lambda: datetime.fromtimestamp(shared.value, UTC)


def schedule(url: str, folder: Path, shared: Any, turns: Any) -> None:
    """A scheduler that tells of steps."""
    channel = Mailbox(folder / "mail", sender="care@police.invalid")
    ticking = Runner(Database(url), law=published_law(), channel=channel, clock=_clock(shared))
    while True:
        with _at_work(folder):
            for name in TELLING:
                ticking.tick(job_named(name))
        turns.value += 1
        time.sleep(_A_MOMENT)


def deliver(url: str, folder: Path, shared: Any, turns: Any) -> None:
    """A worker that sends, in no turn with the others."""
    database, clock = Database(url), _clock(shared)
    channel = Counting(folder)
    while True:
        try:
            with _at_work(folder):
                deliver_outbox(Work(database, published_law(), channel, clock(), clock=clock))
            turns.value += 1
        except DBAPIError:
            time.sleep(_A_MOMENT)  # busy: as the scheduler does, again at the next tick
        time.sleep(_A_MOMENT)


@contextmanager
def _at_work(folder: Path, how: int = fcntl.LOCK_SH) -> Iterator[None]:
    """Says that this process is amid its work; the system takes that back from one that is killed."""
    with (folder / "at work").open("a") as file:
        fcntl.flock(file, how)
        yield


@dataclass
class Fleet:
    """Three schedulers and three workers; whichever dies is started anew."""

    url: str
    folder: Path
    now: datetime
    kills: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(7))
    _processes: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._shared = FORKED.Value("d", self.now.timestamp())
        self._jobs = [schedule] * 3 + [deliver] * 3
        self._turns = [FORKED.Value("L", 0) for _ in self._jobs]
        self._turns_at_skip = self._turns_taken()

    def start(self) -> None:
        """Begin."""
        self._processes = [self._started(place) for place in range(len(self._jobs))]

    def _started(self, place: int) -> Any:
        arguments = (self.url, self.folder, self._shared, self._turns[place])
        process = FORKED.Process(target=self._jobs[place], args=arguments, daemon=True)
        process.start()
        return process

    def it_is(self, now: datetime) -> None:
        """Set the clock."""
        self.now = now
        self._shared.value = now.timestamp()

    def kill_one(self) -> None:
        """Kill any of them, wherever it is, and start another."""
        place = self._chance.randrange(len(self._processes))
        self._processes[place].kill()
        self._processes[place].join()
        assert self._processes[place].exitcode == -signal.SIGKILL
        self._processes[place] = self._started(place)
        self.kills += 1

    def stop(self) -> None:
        """Kill them all."""
        for process in self._processes:
            process.kill()
            process.join()

    def until(self, done: Callable[[], bool], *, speed: float, kills: int = 0, patience: float = 1500) -> None:
        """Let the clock run so many times as fast as ours until it is done, with so many kills on the way.

        When all who shall be are killed, and nobody who lives is amid anything, what waits for the time of the dead to
        be up is not waited for; but everybody has had a turn between one leap of the clock and the next, or a machine
        that starts them slowly would see whole days go by in which nobody could work.
        """
        until, next_kill, killed = time.monotonic() + patience, time.monotonic() + 0.3, 0
        last = time.monotonic()
        while killed < kills or not done():
            assert time.monotonic() < until, "it is not done"
            passed, last = time.monotonic() - last, time.monotonic()
            self.it_is(self.now + timedelta(seconds=passed * speed))
            if killed < kills and time.monotonic() > next_kill:
                self.kill_one()
                killed, next_kill = killed + 1, time.monotonic() + self._chance.uniform(0.3, 1.2)
            elif killed == kills:
                self._skip_a_while()
            time.sleep(_A_MOMENT / 5)

    def _turns_taken(self) -> list[int]:
        return [turns.value for turns in self._turns]

    def _skip_a_while(self) -> None:
        taken = self._turns_taken()
        if not all(now > then + 1 for now, then in zip(taken, self._turns_at_skip, strict=True)):
            return  # two ends: the first may be of a turn that began before the last leap
        try:
            with _at_work(self.folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
                self.it_is(self.now + _A_WHILE)
                self._turns_at_skip = taken
        except BlockingIOError:
            pass  # somebody is amid something: their time must not be up

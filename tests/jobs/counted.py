"""A job that counts its runs, also across processes, and runners with a clock to move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import select

from victimcare.domain.slots import Every, Trigger
from victimcare.editions.law import published_law
from victimcare.jobs.runner import Runner
from victimcare.jobs.schedule import Job
from victimcare.jobs.work import Done, Task, Work
from victimcare.notices.channel import Notice, Outcome, TellsNothingMore
from victimcare.store.database import Database
from victimcare.store.job_runs import RUNS

START = datetime(2026, 6, 1, 9, tzinfo=UTC)
EVERY_MINUTE = Every(1)


@dataclass
class Clock:
    """A clock that only tests move."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **units: float) -> None:
        self.now += timedelta(**units)


@dataclass
class Nowhere(TellsNothingMore):
    """A channel that keeps what it was given."""

    sent: list[Notice] = field(default_factory=list)

    def send(self, notice: Notice) -> None:
        self.sent.append(notice)

    def outcome(self, reference: str, *, sealed: bool) -> Outcome:
        return Outcome.UNKNOWN


def job(task: Task, trigger: Trigger = EVERY_MINUTE, *, name: str = "counted", may_take: float = 10) -> Job:
    """A job of this test's own."""
    return Job(
        name,
        "Count",
        "Counts its runs.",
        trigger,
        late_after=timedelta(minutes=5),
        may_take=timedelta(minutes=may_take),
        task=task,
    )


def runner(database: Database, clock: Clock, jobs: Sequence[Job] = ()) -> Runner:
    return Runner(database, law=published_law(), channel=Nowhere(), jobs=jobs, clock=clock)


def all_have_run(database: Database, now: datetime) -> None:
    """The service has one job, hourly, which ran in time."""
    hourly = job(lambda _: Done("done"), Every(60))
    ticking = runner(database, Clock(now), [hourly])
    ticking.declare()
    ticking.tick(hourly)


def runs(database: Database) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(select(RUNS).order_by(RUNS.c.slot_at, RUNS.c.id)))


def tick_in_processes(url: str, notes: Path, *, processes: int, slots: int) -> None:
    """Processes that are all schedulers of one database, each ticking through the same slots."""
    context = get_context("spawn")
    started = [context.Process(target=_tick_through, args=(url, notes, slots)) for _ in range(processes)]
    for process in started:
        process.start()
    for process in started:
        process.join(120)
        assert process.exitcode == 0


def _tick_through(url: str, notes: Path, slots: int) -> None:
    def note(work: Work) -> Done:
        with notes.open("a") as file:
            file.write(f"{work.now.isoformat()}\n")
        return Done("noted")

    database, clock = Database(url), Clock()
    ticking = runner(database, clock)
    for _ in range(slots):
        ticking.tick(job(note))
        clock.forward(minutes=1)
    database.close()

"""Runs jobs: APScheduler ticks, rows decide. Any number of schedulers may run on one database.

Every few seconds each job is asked whether its latest slot has been done. Whoever claims the slot's row does it. So a
slot missed while no scheduler ran is made up for at start, a crashed run is taken over when its time is up, and the
clock change does nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from traceback import extract_tb

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Connection

from victimcare.commands.send_message import Post
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.editions.escalation import published_ladder
from victimcare.exchange.backup.make import Backups
from victimcare.exchange.feeds import Feeds
from victimcare.jobs.schedule import JOBS, Job, job_named
from victimcare.jobs.work import Done, Stopped, Work, utc_now
from victimcare.notices.channel import Channel
from victimcare.notices.event_channel import EventChannel
from victimcare.queries.installation import is_demonstration
from victimcare.store import job_runs, staff
from victimcare.store.audit_anchors import AnchorFile
from victimcare.store.database import Database
from victimcare.store.law_in_force import LawInForce

LOG = logging.getLogger("victimcare.jobs")
LARGEST_JUMP = timedelta(minutes=5)
TICK = timedelta(seconds=10)
KEEP_RUNS = timedelta(days=30)


def seconds_since_boot() -> float:
    """A clock that nobody sets."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run ended, in a sentence."""

    succeeded: bool
    summary: str


class Steady:
    """Tells whether the clock was set since the start: a breach of a day that has not come can never be deleted.

    Time that the machine slept counts as time that passed.
    """

    def __init__(self, now: datetime, passed: Callable[[], float] = seconds_since_boot) -> None:
        self._passed = passed
        self._began, self._began_after = now, passed()

    def has_jumped(self, now: datetime) -> bool:
        """Whether it shows something else than the time that has passed, by more than `LARGEST_JUMP`."""
        passed = timedelta(seconds=self._passed() - self._began_after)
        return abs(now - self._began - passed) > LARGEST_JUMP


class Runner:
    """Does each slot of each job once, together with every other runner on the same database."""

    def __init__(
        self,
        database: Database,
        *,
        law: Law,
        channel: Channel,
        jobs: Sequence[Job] = JOBS,
        clock: Callable[[], datetime] = utc_now,
        post: Post | None = None,
        anchors: AnchorFile | None = None,
        backups: Backups | None = None,
        ladder: Ladder | None = None,
        holidays_address: str | None = None,
        events: EventChannel | None = None,
        feeds: Feeds | None = None,
        steady: Steady | None = None,
    ) -> None:
        self.jobs = jobs
        self._steady = steady
        self._post, self._anchors, self._backups = post, anchors, backups
        self._ladder = ladder or published_ladder()
        self._holidays_address = holidays_address
        self._events, self._feeds = events or EventChannel(), feeds
        self._database = database
        self._law = LawInForce(law)
        self._channel = channel
        self._clock = clock
        self._stopping = Event()

    def declare(self) -> None:
        """Tell the database which jobs there are, so that pages can show them."""
        with self._database.writing() as connection:
            staff.ensure_system(connection)
            job_runs.declare(connection, [job.row(n) for n, job in enumerate(self.jobs)], now=self._clock())

    def tick(self, job: Job) -> Finished | None:
        """Do the job's latest slot, unless it is done or somebody is at it. Never raises."""
        try:
            now = self._clock()
            if self._steady is not None and self._steady.has_jumped(now):
                LOG.error("the clock has jumped: no job runs until it is right again or the service started anew")
                return None
            slot = job.trigger.latest(now)
            claim = self._claim(job, slot, now)
            return self._do(job, claim, now) if claim else None
        except Exception as broken:
            LOG.error("job %s could not be claimed or settled: %s", job.name, _where(broken))
            return None

    def run(self, job: Job, *, at: datetime, full: bool = False, dry_run: bool = False) -> Finished:
        """Run the job now, as of `at`, whether or not it has run. Raises `AlreadyRunning`."""
        if dry_run:
            with self._database.reading() as connection:
                work = self._work(connection, job, at, full=full, dry_run=True, fixed=True)
            return self._attempt(job, work)
        with self._database.writing() as connection:
            claim = job_runs.claim(connection, job.name, at, now=self._clock(), may_take=job.may_take, again=True)
        if claim is None:
            raise AlreadyRunning(job.name)
        return self._do(job, claim, at, full=full, fixed=True)

    def stop(self) -> None:
        """Ask what is running to end after the piece of work that it is at."""
        self._stopping.set()

    def _claim(self, job: Job, slot: datetime, now: datetime) -> job_runs.Claim | None:
        with self._database.reading() as connection:
            if job_runs.is_settled(connection, job.name, slot, now=now, may_take=job.may_take):
                return None
        with self._database.writing() as connection:
            job_runs.fail_abandoned(connection, job.name, before=slot, now=now, may_take=job.may_take)
            return job_runs.claim(connection, job.name, slot, now=now, may_take=job.may_take)

    def _do(
        self, job: Job, claim: job_runs.Claim, now: datetime, *, full: bool = False, fixed: bool = False
    ) -> Finished:
        with self._database.reading() as connection:
            work = self._work(connection, job, now, full=full, fixed=fixed)
        finished = self._attempt(job, work)
        ended_at = self._clock()
        with self._database.writing() as connection:
            job_runs.finish(connection, claim, now=ended_at, succeeded=finished.succeeded, summary=finished.summary)
            job_runs.forget_before(connection, job.name, ended_at - KEEP_RUNS)
        return finished

    def _attempt(self, job: Job, work: Work) -> Finished:
        try:
            done: Done = job.task(work)
            return Finished(not done.failures, done.summary)
        except Stopped as stopped:
            return Finished(False, str(stopped))
        except Exception as broken:
            # Its words could hold what was being written: the place is enough to find it.
            LOG.error("job %s failed: %s", job.name, _where(broken))
            return Finished(False, f"Failed: {_where(broken)}")

    def _work(
        self,
        connection: Connection,
        job: Job,
        now: datetime,
        *,
        full: bool,
        dry_run: bool = False,
        fixed: bool = False,
    ) -> Work:
        return Work(
            database=self._database,
            law=self._law.read(connection),
            channel=self._channel,
            now=now,
            reached_at=job_runs.last_done(connection, job.name, until=now),
            clock=(lambda: now) if fixed else self._clock,
            stopping=self._stopping.is_set,
            full=full,
            dry_run=dry_run,
            post=self._post,
            anchors=self._anchors,
            backups=self._backups,
            ladder=self._ladder,
            holidays_address=self._holidays_address,
            events=self._events,
            feeds=self._feeds,
        )


@contextmanager
def scheduler(
    database: Database,
    *,
    law: Law,
    channel: Channel,
    jobs: Sequence[Job] = JOBS,
    post: Post | None = None,
    anchors: AnchorFile | None = None,
    backups: Backups | None = None,
    ladder: Ladder | None = None,
    holidays_address: str | None = None,
    events: EventChannel | None = None,
    feeds: Feeds | None = None,
) -> Iterator[Runner]:
    """Run jobs in the background while the block lasts; leaving it waits for what is running to stop."""
    runner = Runner(
        database,
        law=law,
        channel=channel,
        jobs=jobs,
        post=post,
        anchors=anchors,
        backups=backups,
        ladder=ladder,
        holidays_address=holidays_address,
        events=events,
        feeds=feeds,
        steady=Steady(utc_now()),
    )
    runner.declare()
    ticking = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(len(runner.jobs))},
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    for job in runner.jobs:
        every = IntervalTrigger(seconds=int(TICK.total_seconds()), timezone=UTC)
        ticking.add_job(runner.tick, every, args=[job], id=job.name, next_run_time=utc_now())
    # A run that lasts longer than a tick is no news: the claim says that somebody is at it.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    ticking.start()
    try:
        yield runner
    finally:
        runner.stop()
        ticking.shutdown(wait=True)


def serve(
    database: Database,
    *,
    law: Law,
    channel: Channel,
    stop: Event,
    post: Post | None = None,
    anchors: AnchorFile | None = None,
    backups: Backups | None = None,
    ladder: Ladder | None = None,
    holidays_address: str | None = None,
    events: EventChannel | None = None,
    feeds: Feeds | None = None,
) -> None:
    """Run jobs until `stop` is set."""
    with scheduler(
        database,
        law=law,
        channel=channel,
        post=post,
        anchors=anchors,
        backups=backups,
        ladder=ladder,
        holidays_address=holidays_address,
        events=events,
        feeds=feeds,
    ):
        while not stop.wait(1):
            pass


def run_job(
    database: Database,
    name: str,
    *,
    law: Law,
    channel: Channel,
    at: datetime | None = None,
    full: bool = False,
    dry_run: bool = False,
    clock: Callable[[], datetime] = utc_now,
    post: Post | None = None,
    anchors: AnchorFile | None = None,
    backups: Backups | None = None,
    ladder: Ladder | None = None,
    holidays_address: str | None = None,
    events: EventChannel | None = None,
    feeds: Feeds | None = None,
) -> Finished:
    """Run one job as of `at` (aware instant, default now). Raises `NoSuchJob`, `AlreadyRunning`, `NotYet`."""
    job = job_named(name)
    now = clock()
    at = now if at is None else at.astimezone(UTC)
    runner = Runner(
        database,
        law=law,
        channel=channel,
        clock=clock,
        post=post,
        anchors=anchors,
        backups=backups,
        ladder=ladder,
        holidays_address=holidays_address,
        events=events,
        feeds=feeds,
    )
    if dry_run:
        return runner.run(job, at=at, full=full, dry_run=True)
    if at > now:
        with database.reading() as connection:
            if not is_demonstration(connection):
                raise NotYet(at)
    runner.declare()
    return runner.run(job, at=at, full=full)


def _where(broken: BaseException) -> str:
    frames = extract_tb(broken.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(broken).__name__}{place}"


class AlreadyRunning(RuntimeError):
    """Somebody is running this job for the same instant."""

    def __init__(self, job: str) -> None:
        self.job = job
        super().__init__(f"{job} is running already for that instant")


class NotYet(ValueError):
    """A run as of an instant that has not come, which would write breaches that can never be deleted."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        super().__init__(
            f"{at.isoformat()} has not come yet: add --dry-run to see what would be done. "
            "Only a demonstration may run jobs ahead of time"
        )

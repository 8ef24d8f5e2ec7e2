"""The runner: each slot once, however many schedulers there are and whatever becomes of them."""

import logging
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import func, insert, select, update

from tests.jobs.counted import START, Clock, Nowhere, job, runner, runs, tick_in_processes
from victimcare.domain.slots import DailyAt, Every
from victimcare.editions.law import published_law
from victimcare.jobs.runner import AlreadyRunning, NotYet, Runner, Steady, run_job, scheduler
from victimcare.jobs.schedule import JOBS, NoSuchJob
from victimcare.jobs.work import Done, Work
from victimcare.store import job_runs
from victimcare.store.database import Database
from victimcare.store.installation import set_value
from victimcare.store.job_runs import RUNS

pytestmark = pytest.mark.both_engines  # what two do at once

OCTOBER = datetime(2026, 10, 24, 18, tzinfo=UTC)
MARCH = datetime(2027, 3, 27, 18, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def done(work: Work) -> Done:
    return Done("done")


def broken(work: Work) -> Done:
    raise ValueError("Wren Sample of 1 Example Street")


def test_a_slot_is_done_once(database: Database) -> None:
    clock = Clock()
    ticking = runner(database, clock)
    results = []
    for _ in range(5):
        results.append(ticking.tick(job(done)))
        clock.forward(seconds=10)
    assert [bool(result) for result in results] == [True, False, False, False, False]
    [run] = runs(database)
    assert (run.slot_at, run.status, run.summary) == (START, "done", "done")


def test_the_slot_is_the_scheduled_instant_and_not_the_time_of_the_tick(database: Database) -> None:
    clock = Clock(START + timedelta(seconds=42))
    runner(database, clock).tick(job(done))
    [run] = runs(database)
    assert (run.slot_at, run.started_at) == (START, clock.now)


def test_schedulers_in_threads_do_each_slot_once(database_url: str) -> None:
    slots, schedulers = 20, 4
    ran: Counter[datetime] = Counter()

    def count(work: Work) -> Done:
        ran[work.now] += 1
        return Done("counted")

    def tick_through(_: int) -> None:
        own, clock = Database(database_url), Clock()
        ticking = runner(own, clock)
        for _slot in range(slots):
            ticking.tick(job(count))
            clock.forward(minutes=1)
        own.close()

    with ThreadPoolExecutor(schedulers) as pool:
        list(pool.map(tick_through, range(schedulers)))
    assert ran == {START + timedelta(minutes=minute): 1 for minute in range(slots)}


@pytest.mark.in_turn
def test_schedulers_in_processes_do_each_slot_once(database_url: str, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    tick_in_processes(database_url, notes, processes=2, slots=15)
    noted = sorted(notes.read_text().splitlines())
    assert noted == [(START + timedelta(minutes=minute)).isoformat() for minute in range(15)]


def test_a_slot_that_nobody_did_is_made_up_for_once(database: Database) -> None:
    daily = job(done, DailyAt(time(7)))
    clock = Clock(datetime(2026, 6, 1, 6, tzinfo=UTC))
    runner(database, clock).tick(daily)
    clock.now = datetime(2026, 6, 4, 15, tzinfo=UTC)
    started_again = runner(database, clock)
    assert started_again.tick(daily) is not None
    assert started_again.tick(daily) is None
    assert [run.slot_at.day for run in runs(database)] == [1, 4]


@pytest.mark.parametrize("evening", [OCTOBER, MARCH], ids=["clocks go back", "clocks go forward"])
def test_in_the_nights_of_the_clock_change_each_slot_is_done_once(sqlite_url: str, evening: datetime) -> None:
    database, clock = Database(sqlite_url), Clock(evening)
    jobs = [job(done, DailyAt(at), name=f"at {at}") for at in (time(0, 30), time(2), time(2, 30), time(7))]
    jobs.append(job(done, Every(60), name="hourly"))
    ticking = [runner(database, clock), runner(database, clock)]
    for step in range(18 * 12):
        for one in jobs:
            ticking[step % 2].tick(one)
        clock.forward(minutes=5)
    that_night = Counter(run.job for run in runs(database) if run.slot_at >= evening)
    assert that_night == {**{one.name: 1 for one in jobs[:-1]}, "hourly": 18}
    database.close()


def test_a_run_that_somebody_is_at_is_left_alone_until_its_time_is_up(database: Database) -> None:
    clock = Clock()
    slow = job(done, Every(60), may_take=10)
    with database.writing() as connection:
        crashed = job_runs.claim(connection, slow.name, START, now=START, may_take=slow.may_take)
    clock.forward(minutes=9)
    assert runner(database, clock).tick(slow) is None
    clock.forward(minutes=1)
    assert runner(database, clock).tick(slow) is not None
    assert crashed is not None
    with database.writing() as connection:
        job_runs.finish(connection, crashed, now=clock.now, succeeded=False, summary="woke up late")
    [run] = runs(database)
    assert (run.status, run.summary) == ("done", "done")


def test_who_was_taken_over_from_cannot_end_the_run_of_who_took_over(database: Database) -> None:
    taken_over_at = START + timedelta(minutes=10)
    with database.writing() as connection:
        late = job_runs.claim(connection, "counted", START, now=START, may_take=timedelta(minutes=10))
        job_runs.claim(connection, "counted", START, now=taken_over_at, may_take=timedelta(minutes=10))
        assert late is not None
        job_runs.finish(connection, late, now=taken_over_at, succeeded=True, summary="late")
    [run] = runs(database)
    assert (run.status, run.started_at) == ("running", taken_over_at)


def test_a_run_that_never_finished_is_marked_failed_when_a_later_slot_is_done(database: Database) -> None:
    clock = Clock()
    with database.writing() as connection:
        job_runs.claim(connection, "counted", START, now=START, may_take=timedelta(minutes=10))
    clock.forward(minutes=30)
    runner(database, clock).tick(job(done))
    assert [(run.status, run.summary) for run in runs(database)] == [
        ("failed", "Stopped before it had finished"),
        ("done", "done"),
    ]


def test_a_slot_that_failed_is_tried_again_after_a_pause(database: Database) -> None:
    clock = Clock()
    daily = DailyAt(time(7))
    assert runner(database, clock).tick(job(broken, daily)) is not None
    clock.forward(minutes=14)
    assert runner(database, clock).tick(job(done, daily)) is None
    clock.forward(minutes=1)
    assert runner(database, clock).tick(job(done, daily)) is not None
    assert [run.status for run in runs(database)] == ["done"]


def test_a_failure_is_recorded_and_logged_without_its_words(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    finished = runner(database, Clock()).tick(job(broken))
    [run] = runs(database)
    assert finished is not None
    assert not finished.succeeded
    assert run.summary.startswith("Failed: ValueError at test_runner.py:")
    assert "ValueError" in caplog.text
    assert "Wren" not in caplog.text + run.summary


def test_a_run_with_failures_counts_as_failed(database: Database) -> None:
    runner(database, Clock()).tick(job(lambda work: Done("1 new breach; 1 failed", failures=1)))
    assert [(run.status, run.summary) for run in runs(database)] == [("failed", "1 new breach; 1 failed")]


def test_a_tick_without_a_database_raises_nothing(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    database = Database(sqlite_url)
    with database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE job_run")
    assert runner(database, Clock()).tick(job(done)) is None
    assert "could not be claimed" in caplog.text
    database.close()


def test_a_run_is_told_where_the_last_one_that_succeeded_had_got_to(database: Database) -> None:
    reached: list[datetime | None] = []

    def note(work: Work) -> Done:
        reached.append(work.reached_at)
        return Done("noted", failures=len(reached) == 2)

    clock = Clock()
    for _ in range(4):
        runner(database, clock).tick(job(note))
        clock.forward(minutes=1)
    assert reached == [None, START, START, START + timedelta(minutes=2)]


def test_old_successes_are_forgotten_and_failures_are_kept(database: Database) -> None:
    old = START - timedelta(days=40)
    rows = [
        {"job": "counted", "slot_at": old + timedelta(minutes=n), "started_at": old, "status": status}
        for n, status in enumerate(["done", "failed"])
    ]
    with database.writing() as connection:
        connection.execute(insert(RUNS), [{**row, "finished_at": old, "summary": ""} for row in rows])
    runner(database, Clock()).tick(job(done))
    assert [run.status for run in runs(database)] == ["failed", "done"]


def test_the_scheduler_does_what_was_missed_at_once_and_stops_cleanly(database: Database) -> None:
    ran = threading.Event()
    at_it = threading.Event()

    def quick(work: Work) -> Done:
        ran.set()
        return Done("quick")

    def slow(work: Work) -> Done:
        at_it.set()
        while True:
            work.stop_if_asked()
            sleep(0.01)

    before = threading.active_count()
    begun = monotonic()
    jobs = [job(quick, DailyAt(time(7)), name="quick"), job(slow, DailyAt(time(7)), name="slow")]
    with scheduler(database, law=published_law(), channel=Nowhere(), jobs=jobs):
        assert ran.wait(10)
        assert at_it.wait(10)
    assert monotonic() - begun < 20
    assert threading.active_count() == before
    by_job = {run.job: (run.status, run.summary) for run in runs(database)}
    assert by_job == {
        "quick": ("done", "quick"),
        "slow": ("failed", "Stopped with the scheduler; the next run does the rest"),
    }
    logging.getLogger("apscheduler").setLevel(logging.NOTSET)


def test_a_job_is_run_by_hand_as_often_as_asked(database: Database) -> None:
    clock = Clock()
    by_hand = {"law": published_law(), "channel": Nowhere(), "clock": clock}
    for _ in range(2):
        assert run_job(database, "find-breaches", at=START - timedelta(days=1), **by_hand).succeeded  # type: ignore[arg-type]
    assert [(run.slot_at, run.status) for run in runs(database)] == [(START - timedelta(days=1), "done")]
    with database.writing() as connection:
        connection.execute(update(RUNS).values(status="running", started_at=clock.now))
    with pytest.raises(AlreadyRunning, match="find-breaches is running already"):
        run_job(database, "find-breaches", at=START - timedelta(days=1), **by_hand)  # type: ignore[arg-type]


def test_a_dry_run_leaves_no_trace(database: Database) -> None:
    finished = run_job(database, "find-breaches", law=published_law(), channel=Nowhere(), dry_run=True)
    assert finished.summary == "0 cases with a duty that is newly late"
    assert runs(database) == []


def test_a_day_that_has_not_come_is_for_dry_runs_and_demonstrations_only(database: Database) -> None:
    ahead = {"law": published_law(), "channel": Nowhere(), "clock": Clock(), "at": START + timedelta(days=1)}
    with pytest.raises(NotYet, match="has not come yet"):
        run_job(database, "find-breaches", **ahead)  # type: ignore[arg-type]
    assert run_job(database, "find-breaches", dry_run=True, **ahead).succeeded  # type: ignore[arg-type]
    with database.writing() as connection:
        set_value(connection, "demonstration", "true")
    assert run_job(database, "find-breaches", **ahead).succeeded  # type: ignore[arg-type]


def test_two_schedulers_that_start_at_once_declare_the_jobs_together(database: Database) -> None:
    begin = threading.Barrier(4)

    def declare(_: int) -> None:
        declaring = runner(database, Clock(), JOBS)
        begin.wait(10)
        declaring.declare()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(declare, range(4)))
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(job_runs.JOBS)).scalar_one() == len(JOBS)


def test_an_unknown_job_is_refused(database: Database) -> None:
    with pytest.raises(NoSuchJob, match="'nonsense'"):
        run_job(database, "nonsense", law=published_law(), channel=Nowhere())


def test_no_job_runs_after_the_clock_was_set_and_all_do_when_it_is_right_again(database: Database) -> None:
    """A breach of a day that has not come could never be deleted."""
    passed, clock = [0.0], Clock()
    counted = job(done)
    steady = Steady(clock.now, passed=lambda: passed[0])
    ticking = Runner(database, law=published_law(), channel=Nowhere(), jobs=[counted], clock=clock, steady=steady)
    for jump in (timedelta(days=1), timedelta(days=-1)):
        clock.forward(minutes=1)
        passed[0] += 60
        assert ticking.tick(counted) is not None
        clock.now += jump
        assert ticking.tick(counted) is None
        clock.now -= jump
    assert len(runs(database)) == 2


def test_a_clock_that_is_corrected_a_little_stops_nothing() -> None:
    assert not Steady(START, passed=lambda: 0).has_jumped(START + timedelta(minutes=4))

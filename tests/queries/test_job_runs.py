"""What is told of jobs: when one has not run, what has not left, when the bank holidays end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import insert, update

from tests.force import Force, a_force
from tests.jobs.counted import START, Clock, job, runner
from tests.outbox import DUE_ON, case_of_an_arrest, eight, write_reminders
from victimcare.domain.law import Law
from victimcare.domain.slots import DailyAt
from victimcare.jobs.work import Done, Work
from victimcare.queries.bank_holidays import ending_soon
from victimcare.queries.job_runs import NO_SCHEDULER, job_notices, jobs_not_run, jobs_page, outbox_state
from victimcare.store.job_runs import RUNS
from victimcare.store.outbox import OUTBOX


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def done(work: Work) -> Done:
    return Done("done")


def broken(work: Work) -> Done:
    return Done("half done", failures=1)


def not_run(force: Force, now: datetime) -> list[str]:
    with force.database.reading() as connection:
        return [view.name for view in jobs_not_run(connection, now)]


def notices(force: Force, now: datetime, law: Law | None = None) -> tuple[str, ...]:
    with force.database.reading() as connection:
        return job_notices(connection, now, law)


def test_a_job_has_not_run_once_a_slot_has_been_missed_for_longer_than_it_may(force: Force) -> None:
    minutely = job(done)  # may be five minutes late
    clock = Clock()
    ticking = runner(force.database, clock, [minutely])
    ticking.declare()
    assert not_run(force, START + timedelta(minutes=5)) == []
    assert not_run(force, START + timedelta(minutes=6)) == ["counted"]
    clock.forward(minutes=6)
    ticking.tick(minutely)
    assert not_run(force, clock.now + timedelta(minutes=5)) == []
    assert not_run(force, clock.now + timedelta(minutes=6)) == ["counted"]
    assert notices(force, clock.now + timedelta(minutes=6)) == (
        "A scheduled job has not run since Monday 1 June 2026 at 10:06: count.",
    )


def test_a_daily_job_is_not_late_before_its_next_day_and_a_failure_is_no_success(force: Force) -> None:
    daily = DailyAt(time(7))
    clock = Clock()
    ticking = runner(force.database, clock, [job(done, daily)])
    ticking.declare()
    ticking.tick(job(done, daily))
    assert not_run(force, clock.now + timedelta(hours=20)) == []
    clock.forward(days=1)
    ticking.tick(job(broken, daily))
    assert not_run(force, clock.now) == ["counted"]


def test_where_no_scheduler_ever_ran_every_page_says_so(force: Force) -> None:
    assert notices(force, START) == (NO_SCHEDULER,)


def test_a_job_that_is_no_longer_declared_is_no_longer_expected(force: Force) -> None:
    runner(force.database, Clock(), [job(done), job(done, name="old")]).declare()
    runner(force.database, Clock(START + timedelta(hours=1)), [job(done)]).declare()
    with force.database.reading() as connection:
        page = jobs_page(connection, now=START, law=force.law)
    assert [view.name for view in page.jobs] == ["counted"]
    assert not_run(force, START + timedelta(hours=1)) == ["counted"]


def test_the_page_shows_the_last_success_the_last_failure_and_the_next_slot(force: Force) -> None:
    clock = Clock()
    ticking = runner(force.database, clock, [job(done)])
    ticking.declare()
    ticking.tick(job(done))
    clock.forward(minutes=1)
    ticking.tick(job(broken))
    with force.database.writing() as connection:
        now_running = {"job": "counted", "slot_at": START + timedelta(minutes=2), "started_at": START, "summary": ""}
        connection.execute(insert(RUNS).values(status="running", **now_running))
    with force.database.reading() as connection:
        [view] = jobs_page(connection, now=clock.now, law=force.law).jobs
    assert view.last_success is not None
    assert view.last_failure is not None
    assert view.running is not None
    assert (view.last_success.slot_at, view.last_success.summary) == (START, "done")
    assert (view.last_failure.slot_at, view.last_failure.summary) == (START + timedelta(minutes=1), "half done")
    assert (view.next_slot_at, view.when, view.failing) == (START + timedelta(minutes=2), "every minute", True)
    assert [run.status for run in view.recent] == ["running", "failed", "done"]


def test_notices_that_wait_too_long_are_told_of(force: Force) -> None:
    case_of_an_arrest(force)
    written_at = eight(DUE_ON)
    write_reminders(force, written_at)
    runner(force.database, Clock(written_at), [job(done)]).declare()
    assert notices(force, written_at + timedelta(minutes=15))[1:] == ()
    assert notices(force, written_at + timedelta(minutes=16))[1:] == (
        "Notices have been waiting to be sent since Monday 1 June 2026 at 08:00.",
    )
    with force.database.reading() as connection:
        assert outbox_state(connection).waiting == 1
    with force.database.writing() as connection:
        connection.execute(update(OUTBOX).values(status="failed"))
    with force.database.reading() as connection:
        state = outbox_state(connection)
    assert (state.waiting, state.failed, state.unknown, state.oldest_unsent_at) == (0, 1, 0, None)


def test_bank_holidays_known_for_less_than_a_year_are_a_warning(force: Force) -> None:
    calendar = replace(force.law.calendar, known_until=date(2026, 12, 31), holidays={})
    assert ending_soon(calendar, today=date(2025, 12, 31)) is None
    warning = ending_soon(calendar, today=date(2026, 1, 1))
    assert warning is not None
    assert "known only until Thursday 31 December 2026" in warning
    runner(force.database, Clock(), [job(done)]).declare()
    assert notices(force, datetime(2026, 6, 1, 9, 1, tzinfo=UTC), Law(force.law.code, calendar)) == (f"{warning}.",)

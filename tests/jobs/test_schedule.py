"""The table of jobs."""

from datetime import timedelta

import pytest

from victimcare.domain.slots import DailyAt
from victimcare.jobs.schedule import JOBS, NoSuchJob, job_named


def test_no_job_is_due_in_the_hour_that_the_clock_change_doubles() -> None:
    times = [job.trigger.at for job in JOBS if isinstance(job.trigger, DailyAt)]
    assert len(times) >= 3
    assert not [at for at in times if at.hour == 1]


def test_the_jobs_asked_for_are_there() -> None:
    names = {job.name for job in JOBS}
    assert {"find-breaches", "remind", "deliver-outbox", "check-projection", "check-bank-holidays"} <= names
    assert len(names) == len(JOBS)


def test_every_job_says_what_it_does_and_when_it_counts_as_not_run() -> None:
    for job in JOBS:
        assert job.title[0].isupper()
        assert job.does.endswith(".")
        assert job.late_after > timedelta(0)
        assert job.may_take > timedelta(0)


def test_a_job_that_does_not_exist_is_refused_with_the_names_of_those_that_do() -> None:
    with pytest.raises(NoSuchJob, match=r"'find-breeches'; there are find-breaches, remind"):
        job_named("find-breeches")


def test_no_backup_for_more_than_26_hours_is_told() -> None:
    backup = job_named("backup")
    assert isinstance(backup.trigger, DailyAt)
    assert timedelta(days=1) + backup.late_after == timedelta(hours=26)

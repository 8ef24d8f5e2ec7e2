"""Whoever keeps jobs, or the directory, hears once of what needs them, and not of what was done meanwhile."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.force import Force, a_force
from tests.jobs.counted import START, Clock, job, runner
from tests.outbox import eight, give_addresses, outbox, send_all
from tests.web.casework import A_SERVICE
from victimcare.commands.tell_keepers import tell_of_directory, tell_of_job
from victimcare.editions.escalation import published_ladder
from victimcare.editions.referral_policy import published_referral_policy
from victimcare.jobs.work import Done, Work
from victimcare.queries.job_runs import jobs_not_run
from victimcare.store import services
from victimcare.store.services import SERVICES
from victimcare.store.staff import PEOPLE

NIGHT = datetime(2026, 6, 6, 2, tzinfo=UTC)  # a Saturday


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    give_addresses(force)
    yield force
    force.database.close()


def look(force: Force, now: datetime) -> int:
    """What the job that watches jobs does."""
    with force.database.writing() as connection:
        return sum(
            tell_of_job(
                connection, job=late.name, last_success_at=late.last_success and late.last_success.slot_at, now=now
            )
            for late in jobs_not_run(connection, now)
        )


def works(work: Work) -> Done:
    return Done("done")


def test_a_job_that_stopped_running_is_told_to_the_administrators_once_at_any_hour_and_anew_when_it_stops_again(
    force: Force,
) -> None:
    minutely, clock = job(works), Clock()
    ticking = runner(force.database, clock, [minutely])
    ticking.declare()
    clock.forward(minutes=6)
    ticking.tick(minutely)
    assert look(force, clock.now + timedelta(minutes=5)) == 0
    late_at = clock.now + timedelta(minutes=30)
    assert [look(force, late_at), look(force, late_at + timedelta(days=1))] == [1, 0]
    (notice,) = send_all(force, NIGHT)
    assert notice.address == "admin@example.invalid"
    assert notice.subject == "A job has not run: count"
    assert "since Monday 1 June 2026" in notice.body
    clock.forward(minutes=40)
    ticking.tick(minutely)
    assert look(force, clock.now + timedelta(minutes=30)) == 1


def test_a_job_that_never_ran_is_told_of_and_one_that_runs_again_before_the_notice_leaves_is_not(force: Force) -> None:
    minutely, clock = job(works), Clock()
    ticking = runner(force.database, clock, [minutely])
    ticking.declare()
    assert look(force, START + timedelta(minutes=30)) == 1
    clock.forward(minutes=31)
    ticking.tick(minutely)
    assert send_all(force, clock.now + timedelta(minutes=1)) == []
    assert [row.status for row in outbox(force)] == ["cancelled"]


def look_at_directory(force: Force, on: date) -> int:
    how: dict[str, Any] = {"now": eight(on), "calendar": force.law.calendar, "ladder": published_ladder()}
    with force.database.writing() as connection:
        return tell_of_directory(connection, reached_at=eight(on) - timedelta(days=1), **how)


def an_entry(force: Force, checked_on: date) -> None:
    with force.database.writing() as connection:
        connection.execute(update(PEOPLE).where(PEOPLE.c.id == "birch").values(role="directory_editor", team_id=None))
        entry = replace(A_SERVICE, id="an-entry", name="Example Support", checked_on=checked_on)
        services.add(connection, [entry], by="birch", at=eight(checked_on))


def test_an_entry_that_nobody_checked_is_told_to_its_editors_once_the_day_after_it_was_due(force: Force) -> None:
    checked_on = date(2026, 3, 5)
    due_on = checked_on + timedelta(days=published_referral_policy().checked_every_days)
    an_entry(force, checked_on)
    told = [look_at_directory(force, due_on + timedelta(days=days)) for days in range(5)]
    assert told == [0, 1, 0, 0, 0]
    (notice,) = send_all(force, eight(date(2026, 6, 8)))
    assert (notice.address, notice.subject) == ("birch@example.invalid", "To be checked: Example Support")


def test_an_entry_checked_before_the_notice_leaves_is_not_told_of(force: Force) -> None:
    checked_on = date(2026, 3, 5)
    an_entry(force, checked_on)
    on = checked_on + timedelta(days=published_referral_policy().checked_every_days + 1)
    assert look_at_directory(force, on) == 1
    with force.database.writing() as connection:
        connection.execute(update(SERVICES).values(checked_on=on))
    assert send_all(force, eight(on)) == []

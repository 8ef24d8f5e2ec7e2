"""The nightly look through the audit: what it finds is kept once, and says nothing of a victim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.force import VAULT, Force, a_force
from tests.jobs.counted import Nowhere
from victimcare.domain.calendar import london_date
from victimcare.domain.people import Person, Role
from victimcare.jobs import delivery, tasks
from victimcare.jobs.work import Work
from victimcare.store import access_alerts, audit
from victimcare.store.access_alerts import ALERTS
from victimcare.store.staff import PEOPLE

NOON = datetime(2026, 5, 22, 11, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 5, 23, 4, tzinfo=UTC)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def asks_for_cases(force: Force, by: Person, count: int = 6, *, at: datetime = NOON) -> None:
    """Somebody tries that many references which are not theirs."""
    with force.database.writing() as connection:
        for n in range(count):
            audit.write(
                connection,
                at=at + timedelta(minutes=n),
                operation="access",
                what="case",
                person=by,
                outcome="refused",
            )


def watch(force: Force, now: datetime = NEXT_MORNING, reached_at: datetime | None = None, **more: bool) -> str:
    """Run the job; what it says."""
    work = Work(force.database, force.law, Nowhere(), now, reached_at=reached_at, **more)
    return tasks.watch_access(work).summary


def alerts(force: Force) -> list[tuple[str, str, int]]:
    """Who, of what, how many."""
    with force.database.reading() as connection:
        return [(row.person_id, row.sign, row.count) for row in connection.execute(select(ALERTS))]


def test_what_is_found_is_kept_once(force: Force) -> None:
    asks_for_cases(force, force.cedar)
    assert watch(force) == "1 alert for a privacy reviewer"
    assert watch(force) == "0 alerts for a privacy reviewer"
    assert alerts(force) == [(force.cedar.id, "refused", 6)]


def test_a_day_that_is_not_over_waits(force: Force) -> None:
    asks_for_cases(force, force.cedar)
    assert watch(force, NOON + timedelta(hours=3), reached_at=NOON) == "0 alerts for a privacy reviewer"
    assert watch(force, NEXT_MORNING, reached_at=NOON) == "1 alert for a privacy reviewer"


def test_days_that_nobody_watched_are_made_up_for(force: Force) -> None:
    for days in (0, 1, 2):
        asks_for_cases(force, force.cedar, at=NOON + timedelta(days=days))
    assert watch(force, NEXT_MORNING + timedelta(days=3), reached_at=NEXT_MORNING - timedelta(days=1)) == (
        "3 alerts for a privacy reviewer"
    )


def test_a_namesake_is_asked_about_once_for_ever(force: Force) -> None:
    (case,) = force.record_crime(f"Wren {force.elm.name.split()[-1]}")
    for days in (0, 1):
        with force.database.writing() as connection:
            audit.write(
                connection,
                at=NOON + timedelta(days=days),
                operation="consultation",
                what="case",
                person=force.elm,
                case_ids=[case.id],
            )
    assert watch(force) == "1 alert for a privacy reviewer"
    assert watch(force, NEXT_MORNING + timedelta(days=1), reached_at=NEXT_MORNING) == "0 alerts for a privacy reviewer"


def test_a_dry_run_keeps_nothing(force: Force) -> None:
    asks_for_cases(force, force.cedar)
    assert watch(force, dry_run=True) == "1 alert for a privacy reviewer"
    assert not alerts(force)


def test_those_who_review_are_told_its_reference_and_nothing_else(force: Force) -> None:
    """But nobody of what is about themselves."""
    reviewers = {"fir", "cedar", "board"}
    with force.database.writing() as connection:
        connection.execute(PEOPLE.update().values(email=PEOPLE.c.id + "@example.invalid"))
        to_review = PEOPLE.update().where(PEOPLE.c.id.in_(reviewers))
        connection.execute(to_review.values(role=Role.PRIVACY_REVIEWER, active=PEOPLE.c.id != "board"))
    (case,) = force.record_crime("Wren Elm")
    asks_for_cases(force, force.cedar)
    asks_for_cases(force, force.elm)
    channel = Nowhere()
    for _ in range(2):
        watch(force)
        work = Work(force.database, force.law, channel, NEXT_MORNING, clock=lambda: NEXT_MORNING)
        delivery.deliver_outbox(work)
    with force.database.reading() as connection:
        about = {row.id: row.person_id for row in connection.execute(select(ALERTS))}
    told = sorted((notice.address, about[notice.subject.split()[-1]]) for notice in channel.sent)
    at = "@example.invalid"
    assert told == [(f"cedar{at}", "elm"), (f"fir{at}", "cedar"), (f"fir{at}", "elm")]
    for notice in channel.sent:
        words = f"{notice.subject} {notice.body}"
        assert not re.search(rf"Cedar|Elm|Wren|{case.case.ref}|{force.elm.id}\b", words)


def test_it_is_reviewed_once_and_the_words_are_sealed(force: Force) -> None:
    asks_for_cases(force, force.cedar)
    watch(force)
    with force.database.writing() as connection:
        (alert,) = connection.execute(select(ALERTS)).all()
        given = {"by": force.elm.id, "now": NEXT_MORNING, "vault": VAULT}
        assert access_alerts.review(connection, alert.id, outcome="justified", words="A new link", **given)
        assert not access_alerts.review(connection, alert.id, outcome="not_justified", words="No", **given)
        (row,) = connection.execute(select(ALERTS)).all()
    assert (row.outcome, row.looked_on) == ("justified", london_date(NOON))
    assert access_alerts.words_of(row, VAULT) == "A new link"
    assert b"link" not in row.sealed_words

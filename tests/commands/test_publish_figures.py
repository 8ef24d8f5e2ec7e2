"""When figures are published for the board, and that they stay as they were."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from tests.force import Force, a_force
from tests.published import publish_due
from tests.queries.test_compliance import due_row, put_in
from victimcare.commands.publish_figures import quarters_to_publish
from victimcare.domain.compliance import Outcome
from victimcare.domain.quarter import Quarter
from victimcare.editions.board_policy import published_board_policy
from victimcare.store.dues import DUES
from victimcare.store.publications import PUBLICATIONS, as_text, from_text, last_of

SPRING = Quarter(2026, 2)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def at_noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=12)


def with_duties(force: Force, *quarters: Quarter, met: int = 20, late: int = 10) -> None:
    outcomes = [Outcome.MET] * met + [Outcome.MET_LATE] * late
    rows = [due_row(n, quarter, "police", 6, outcome) for quarter in quarters for n, outcome in enumerate(outcomes)]
    put_in(force, [{**row, "rule": f"R{n}", "start_key": f"s{n}"} for n, row in enumerate(rows)])


def test_a_quarter_is_published_on_its_tenth_working_day_and_once(force: Force) -> None:
    with_duties(force, SPRING)
    assert publish_due(force.database, force.law, at_noon("2026-07-13")) == []
    assert publish_due(force.database, force.law, at_noon("2026-07-14")) == ["2026-q2"]
    assert publish_due(force.database, force.law, at_noon("2026-07-15")) == []


def test_the_first_time_it_goes_back_to_the_first_duty(force: Force) -> None:
    with_duties(force, Quarter(2025, 4), SPRING)
    assert publish_due(force.database, force.law, at_noon("2026-07-14")) == ["2025-q4", "2026-q1", "2026-q2"]


def test_what_is_held_of_years_ago_is_published_once_however_long_ago_that_is(force: Force) -> None:
    with_duties(force, Quarter(2021, 2), Quarter(2024, 1))
    published = publish_due(force.database, force.law, at_noon("2026-05-22"))
    assert (published[0], published[-1], len(published)) == ("2021-q2", "2024-q1", 12)
    assert publish_due(force.database, force.law, at_noon("2026-05-23")) == []


def test_what_was_brought_in_from_before_the_first_publication_is_published_too(force: Force) -> None:
    long_ago = Quarter(2023, 3)
    with_duties(force, SPRING, long_ago)
    theirs = update(DUES).where(DUES.c.rule.in_([f"R{n}" for n in range(30, 60)]))
    with force.database.writing() as connection:
        connection.execute(theirs.values(reported_month=SPRING.months[0]))
    assert publish_due(force.database, force.law, at_noon("2026-07-14")) == ["2026-q2"]
    with force.database.writing() as connection:
        connection.execute(theirs.values(reported_month=long_ago.months[0]))
    later = publish_due(force.database, force.law, at_noon("2026-07-15"))
    assert (later[0], later[-1], len(later)) == ("2023-q3", "2026-q2", 12), "spring is looked at again, and has changed"


def test_with_the_next_quarter_earlier_ones_are_looked_at_again(force: Force) -> None:
    with_duties(force, SPRING, Quarter(2026, 3))
    publish_due(force.database, force.law, at_noon("2026-07-14"))
    with force.database.writing() as connection:
        late = (DUES.c.outcome == "met_late") & (DUES.c.reported_month == "2026-04")
        connection.execute(update(DUES).where(late).values(outcome="met"))
    assert publish_due(force.database, force.law, at_noon("2026-08-20")) == [], "not before"
    assert publish_due(force.database, force.law, at_noon("2026-10-14")) == ["2026-q2", "2026-q3"]
    with force.database.reading() as connection:
        rows = connection.execute(select(PUBLICATIONS).order_by("quarter", "number")).all()
        newest = last_of(connection, [SPRING])[SPRING]
    assert [(row.quarter, row.number) for row in rows] == [("2026-q2", 1), ("2026-q2", 2), ("2026-q3", 1)]
    assert newest.number == 2


def test_a_higher_threshold_publishes_all_again(force: Force) -> None:
    with_duties(force, SPRING)
    publish_due(force.database, force.law, at_noon("2026-07-14"))
    assert publish_due(force.database, force.law, at_noon("2026-07-15"), threshold=10) == ["2026-q2"]


def test_what_is_kept_is_read_as_it_was_published(force: Force) -> None:
    with_duties(force, SPRING, late=3)
    publish_due(force.database, force.law, at_noon("2026-07-14"))
    with force.database.reading() as connection:
        row = connection.execute(select(PUBLICATIONS)).one()
    assert as_text(from_text(row.content)) == row.content
    assert "null" in row.content, "three were late: hidden in the database too"


def test_without_any_duty_nothing_is_published(force: Force) -> None:
    with force.database.reading() as connection:
        assert not quarters_to_publish(
            connection,
            today=date(2026, 7, 14),
            calendar=force.law.calendar,
            policy=published_board_policy(),
            threshold=5,
        )

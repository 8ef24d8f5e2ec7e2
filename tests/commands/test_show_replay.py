"""What is shown of a replay: beside what was published, and nothing that tells of somebody by subtraction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.force import Force, a_force
from tests.published import publish
from tests.queries.worlds import LAW
from victimcare.commands.publish_figures import publish_figures
from victimcare.commands.show_replay import NothingToCompareWith, show_replay
from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.compliance import Outcome
from victimcare.domain.counted import CountedDuty
from victimcare.domain.published_figures import Publication
from victimcare.domain.quarter import Quarter
from victimcare.domain.replay_choices import DUTIES, Told
from victimcare.domain.tally import By, Tally
from victimcare.store.publications import REPLAYS, of_quarter
from victimcare.store.tables import Audit

AUDIT = Audit.__table__  # type: ignore[attr-defined]

SPRING = Quarter(2026, 2)
NOW = datetime(2026, 7, 14, 12, tzinfo=UTC)
DUTY = CountedDuty(OWN_AGENCY, 6, "R6-ARR", "2026-04", "Luton", "Burglary", "standard", "luton", Outcome.MET, 2)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def tally(met: int, late: int) -> Tally:
    counted = Tally()
    for outcome, count in ((Outcome.MET, met), (Outcome.MET_LATE, late)):
        for _ in range(count):
            counted.add(DUTY._replace(outcome=outcome))
    return counted


def published(force: Force, met: int, late: int) -> None:
    with force.database.writing() as connection:
        assert publish_figures(connection, tally(met, late), quarter=SPRING, now=NOW, threshold=5)


def shown(force: Force, met: int, late: int, *, known_on: date | None = None) -> Publication:
    with force.database.writing() as connection:
        of = {"quarter": SPRING, "known_on": known_on, "edition": None, "now": NOW}
        return show_replay(connection, tally(met, late), **of).replayed  # type: ignore[arg-type]


def met(publication: Publication) -> list[object]:
    return [table.total.outcomes[Outcome.MET] for table in publication.tables]


def test_nothing_is_shown_of_a_quarter_of_which_nothing_was_published(force: Force) -> None:
    with pytest.raises(NothingToCompareWith, match="no figures of 2026-q2 were published yet"):
        shown(force, 40, 10)


@pytest.mark.parametrize("told", [told for told in Told if told.of == DUTIES and told is not Told.BEHIND])
def test_those_tables_alone_are_shown_that_were_asked_for(force: Force, told: Told) -> None:
    published(force, 60, 20)
    with force.database.writing() as connection:
        of = {"quarter": SPRING, "known_on": None, "edition": None, "now": NOW, "told": told}
        replayed = show_replay(connection, tally(50, 30), **of).replayed  # type: ignore[arg-type]
    assert {table.breakdown.by for table in replayed.tables} == set(told.by)
    assert set(met(replayed)) == {50}


def test_what_was_shown_by_right_is_not_told_by_area_either(force: Force) -> None:
    """Two more were met in time: told by area, the two would be known by subtraction."""
    published(force, 60, 20)
    shown(force, 50, 30)
    with force.database.writing() as connection:
        of = {"quarter": SPRING, "known_on": None, "edition": None, "now": NOW, "told": Told.AREA}
        assert show_replay(connection, tally(52, 28), **of).replayed.tables == ()  # type: ignore[arg-type]


def test_what_differs_by_enough_is_shown_by_right_and_by_duty_and_kept_with_an_audit_row(force: Force) -> None:
    published(force, 60, 20)
    replayed = shown(force, 50, 30, known_on=date(2026, 6, 30))
    assert {table.breakdown.by for table in replayed.tables} == {By.RIGHT, By.RULE}
    assert set(met(replayed)) == {50}
    with force.database.reading() as connection:
        (row,) = connection.execute(select(REPLAYS)).all()
        last = connection.execute(select(AUDIT).order_by(AUDIT.c.seq.desc())).first()
    assert (row.quarter, row.known_on, row.edition) == ("2026-q2", date(2026, 6, 30), None)
    assert last
    assert (last.operation, last.what) == ("disclosure", "show replay")
    assert (last.person_id, last.recipient) == ("system", "board")


def test_what_differs_by_few_is_not_shown(force: Force) -> None:
    published(force, 60, 20)
    assert met(shown(force, 58, 22)) == []


def test_two_replays_that_differ_by_few_are_not_both_shown(force: Force) -> None:
    published(force, 60, 20)
    assert met(shown(force, 50, 30)) == [50, 50]
    assert met(shown(force, 49, 31)) == []
    assert met(shown(force, 50, 30)) == [50, 50], "the same again tells nothing new"


def test_nothing_is_published_later_that_a_replay_could_be_subtracted_from(force: Force) -> None:
    published(force, 60, 20)
    shown(force, 50, 30)
    with force.database.writing() as connection:
        assert not publish_figures(connection, tally(52, 28), quarter=SPRING, now=NOW, threshold=5)
        assert publish_figures(connection, tally(70, 10), quarter=SPRING, now=NOW, threshold=5)
    with force.database.reading() as connection:
        assert len(of_quarter(connection, SPRING)) == 2


def test_an_empty_force_has_no_replays(force: Force) -> None:
    publish(force.database, LAW, [SPRING], NOW)
    assert shown(force, 0, 0).tables == ()

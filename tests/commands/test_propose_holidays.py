"""A list of bank holidays is proposed: what is kept of it, and that nothing moves before somebody decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.force import Force, a_force
from tests.holidays import SHIPPED, listed
from victimcare.commands.propose_holidays import (
    BadHolidayList,
    ListSource,
    NoSuchList,
    NotTheirHolidays,
    Proposed,
    propose_holidays,
    refuse_holidays,
)
from victimcare.domain.holiday_list import HolidayList
from victimcare.domain.people import Person
from victimcare.queries.holiday_lists import HolidayLists, holiday_lists
from victimcare.store.law_in_force import LawInForce, law_now
from victimcare.store.staff import SYSTEM

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
JUBILEE = {"2027-05-07": "A jubilee"}


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def propose(force: Force, published: HolidayList, *, by: Person = SYSTEM, now: datetime = NOW) -> Proposed:
    with force.database.writing() as connection:
        calendar = law_now(connection, force.law).calendar
        return propose_holidays(
            connection, published=published, source=ListSource.FILE, by=by, now=now, calendar=calendar
        )


def lists(force: Force) -> HolidayLists:
    with force.database.reading() as connection:
        return holiday_lists(connection, law=law_now(connection, force.law))


def test_a_database_without_lists_counts_by_the_one_that_came_with_the_program(force: Force) -> None:
    found = lists(force)
    assert (found.in_force, found.proposed, found.decided, found.checked_at) == (SHIPPED, None, (), None)


def test_a_proposed_list_waits_and_moves_nothing(force: Force) -> None:
    assert propose(force, listed(**JUBILEE)) == Proposed(2, anew=True)
    found = lists(force)
    assert found.proposed is not None
    assert found.proposed.changes == ("Friday 7 May 2027 becomes a bank holiday: A jubilee.",)
    assert (found.in_force.number, found.in_force.earlier) == (1, None)
    assert HolidayList.of(found.in_force) == HolidayList.of(SHIPPED)


def test_of_a_list_that_says_the_same_only_the_time_is_kept(force: Force) -> None:
    assert propose(force, listed()) == Proposed(None)
    assert (lists(force).checked_at, lists(force).in_force.number) == (NOW, 0)


def test_the_same_list_again_stays_one_proposal_and_another_takes_its_place(force: Force) -> None:
    propose(force, listed(**JUBILEE))
    later = NOW + timedelta(days=1)
    assert propose(force, listed(**JUBILEE), now=later) == Proposed(2)
    assert lists(force).checked_at == later
    assert propose(force, listed(without=(date(2027, 5, 3),), **JUBILEE)) == Proposed(3, anew=True)
    proposed = lists(force).proposed
    assert proposed is not None
    assert (proposed.number, len(proposed.changes)) == (3, 2)


def test_a_list_that_shrank_is_refused_and_the_last_good_one_kept(force: Force) -> None:
    propose(force, listed(**JUBILEE))
    with pytest.raises(BadHolidayList, match="2027: the list ends with this year"):
        propose(force, HolidayList({d: n for d, n in SHIPPED.holidays.items() if d.year < 2028}, date(2027, 12, 31)))
    with pytest.raises(BadHolidayList, match="2027-05-10: its title"):
        propose(force, listed(**{"2027-05-10": "Call 07700 900123"}))
    found = lists(force)
    assert (found.proposed and found.proposed.number, found.checked_at) == (2, NOW)


def test_a_refused_list_is_decided_once(force: Force) -> None:
    propose(force, listed(**JUBILEE))
    with force.database.writing() as connection:
        refuse_holidays(connection, number=2, by=SYSTEM, now=NOW)
    found = lists(force)
    assert (found.proposed, [(one.number, one.approved) for one in found.decided]) == (None, [(2, False), (1, True)])
    with pytest.raises(NoSuchList), force.database.writing() as connection:
        refuse_holidays(connection, number=2, by=SYSTEM, now=NOW)


def test_nobody_proposes_but_who_answers_for_the_code(force: Force) -> None:
    with pytest.raises(NotTheirHolidays):
        propose(force, listed(**JUBILEE), by=force.administrator)


def test_a_process_reads_a_list_when_it_is_in_force_and_keeps_it(force: Force) -> None:
    kept = LawInForce(force.law)
    with force.database.reading() as connection:
        assert kept.read(connection) is force.law
    propose(force, listed(**JUBILEE))
    with force.database.reading() as connection:
        first = kept.read(connection)
        assert (first.calendar.number, kept.read(connection) is first) == (1, True)

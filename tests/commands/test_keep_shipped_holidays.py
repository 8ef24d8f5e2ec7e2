"""The bank holidays that come with a program: kept with the first, and only proposed with another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.force import Force, a_force
from tests.holidays import SHIPPED, listed
from victimcare.commands.keep_shipped_holidays import keep_shipped_holidays, unkept_holidays
from victimcare.commands.propose_holidays import ListSource, propose_holidays, refuse_holidays
from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.holiday_list import HolidayList
from victimcare.queries.holiday_lists import HolidayLists, holiday_lists
from victimcare.store.law_in_force import law_now
from victimcare.store.staff import SYSTEM

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def shipping(published: HolidayList) -> WorkingCalendar:
    return WorkingCalendar(holidays=published.holidays, known_until=published.known_until, version="another program's")


WITH_A_JUBILEE = shipping(listed(**{"2027-05-07": "A jubilee"}))


def keep(force: Force, shipped: WorkingCalendar) -> int | None:
    with force.database.writing() as connection:
        found = unkept_holidays(connection, shipped)
        kept = keep_shipped_holidays(connection, shipped=shipped, now=NOW)
        assert kept is None or found is not None
        assert unkept_holidays(connection, shipped) is None
    return kept


def lists(force: Force, shipped: WorkingCalendar) -> HolidayLists:
    with force.database.reading() as connection:
        return holiday_lists(connection, law=law_now(connection, force.law.by(shipped)))


def test_the_first_program_s_list_is_in_force_and_another_program_counts_by_it(force: Force) -> None:
    assert keep(force, SHIPPED) is None
    found = lists(force, WITH_A_JUBILEE)
    assert HolidayList.of(found.in_force) == HolidayList.of(SHIPPED)
    assert [(one.number, one.approved, one.shipped) for one in found.decided] == [(1, True, True)]
    assert found.checked_at is None


def test_another_program_s_list_is_proposed_once_and_moves_nothing(force: Force) -> None:
    keep(force, SHIPPED)
    assert (keep(force, WITH_A_JUBILEE), keep(force, WITH_A_JUBILEE)) == (2, None)
    found = lists(force, WITH_A_JUBILEE)
    assert found.proposed is not None
    assert (found.proposed.source, found.proposed.changes) == (
        "program",
        ("Friday 7 May 2027 becomes a bank holiday: A jubilee.",),
    )
    assert HolidayList.of(found.in_force) == HolidayList.of(SHIPPED)


def test_a_list_that_was_refused_is_not_proposed_at_the_next_start(force: Force) -> None:
    keep(force, SHIPPED)
    number = keep(force, WITH_A_JUBILEE)
    assert number is not None
    with force.database.writing() as connection:
        refuse_holidays(connection, number=number, by=SYSTEM, now=NOW)
    assert keep(force, WITH_A_JUBILEE) is None
    assert lists(force, SHIPPED).proposed is None


def test_what_somebody_is_to_decide_on_is_not_pushed_aside(force: Force) -> None:
    keep(force, SHIPPED)
    with force.database.writing() as connection:
        theirs = listed(**{"2027-06-11": "Another day"})
        propose_holidays(
            connection, published=theirs, source=ListSource.FILE, by=SYSTEM, now=NOW, calendar=force.law.calendar
        )
    assert keep(force, WITH_A_JUBILEE) is None
    proposed = lists(force, SHIPPED).proposed
    assert proposed is not None
    assert proposed.source == "file"


def test_a_program_that_knows_less_than_the_database_proposes_nothing(force: Force) -> None:
    keep(force, SHIPPED)
    last = SHIPPED.known_until - timedelta(days=366)
    older = HolidayList({day: name for day, name in SHIPPED.holidays.items() if day <= last}, date(last.year, 12, 31))
    assert keep(force, shipping(older)) is None
    assert lists(force, SHIPPED).proposed is None

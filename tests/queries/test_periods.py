"""What a board can choose from."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.force import Force, a_force
from tests.queries.test_compliance import BOARD, due_row, put_in
from victimcare.domain.compliance import Outcome
from victimcare.queries.periods import Period, PeriodMenu, Quarter, period_menu
from victimcare.queries.scope import NotForTheBoard


@pytest.fixture
def force(sqlite_url: str) -> Iterator[Force]:
    force = a_force(sqlite_url)
    yield force
    force.database.close()


def menu(force: Force, *quarters: Quarter, today: date) -> PeriodMenu:
    if quarters:
        put_in(force, [due_row(n, quarter, "police", 6, Outcome.MET) for n, quarter in enumerate(quarters)])
    with force.database.reading() as connection:
        return period_menu(connection, person=BOARD, today=today)


def test_it_offers_complete_quarters_newest_first_and_the_12_months_that_they_make(force: Force) -> None:
    offered = menu(force, Quarter(2025, 2), Quarter(2026, 2), today=date(2026, 7, 1))
    assert [period.id for period in offered.quarters] == ["2026-q2", "2026-q1", "2025-q4", "2025-q3", "2025-q2"]
    assert [period.id for period in offered.years] == ["year-to-2026-q2", "year-to-2026-q1"]
    assert offered.newest == Period.quarter(Quarter(2026, 2))
    assert offered.known_from_on == date(2025, 4, 1)


def test_a_quarter_is_offered_on_the_day_after_its_last(force: Force) -> None:
    newest = menu(force, Quarter(2026, 1), today=date(2026, 6, 30)).newest
    assert newest == Period.quarter(Quarter(2026, 1))


def test_it_goes_back_two_years(force: Force) -> None:
    offered = menu(force, Quarter(2021, 2), Quarter(2024, 2), today=date(2026, 5, 22))
    assert len(offered.quarters) == 8
    assert offered.quarters[-1].id == "2024-q2"


def test_where_all_that_is_held_is_older_it_goes_back_from_the_last_of_it(force: Force) -> None:
    offered = menu(force, Quarter(2021, 2), Quarter(2024, 1), today=date(2026, 5, 22))
    assert (offered.quarters[0].id, offered.quarters[-1].id) == ("2024-q1", "2022-q2")


def test_nothing_is_offered_before_the_first_duty_and_nothing_else_is_chosen(force: Force) -> None:
    assert menu(force, today=date(2026, 5, 22)) == PeriodMenu((), (), None)
    assert menu(force, Quarter(2026, 1), today=date(2026, 5, 22)).chosen("2019-q1") is None


def test_only_the_board_chooses(force: Force) -> None:
    with force.database.reading() as connection, pytest.raises(NotForTheBoard):
        period_menu(connection, person=force.elm, today=date(2026, 5, 22))


def test_quarters_and_12_months_have_their_days_and_months() -> None:
    winter = Quarter.of(date(2026, 12, 31))
    assert (winter.from_on, winter.until_on) == (date(2026, 10, 1), date(2027, 1, 1))
    assert winter.months == ("2026-10", "2026-11", "2026-12")
    assert (winter.next(), winter.next(-3), winter.next(-4)) == (Quarter(2027, 1), Quarter(2026, 1), Quarter(2025, 4))
    year = Period.year_to(Quarter(2026, 2))
    assert (year.from_on, year.last_on) == (date(2025, 7, 1), date(2026, 6, 30))

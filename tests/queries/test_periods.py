"""What a board can choose from."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from tests.force import Force, a_force
from tests.published import publish
from tests.queries.test_compliance import BOARD
from victimcare.domain.small_numbers import THRESHOLD
from victimcare.queries.periods import Period, PeriodMenu, Quarter, period_menu
from victimcare.queries.scope import NotForTheBoard


@pytest.fixture
def force(sqlite_url: str) -> Iterator[Force]:
    force = a_force(sqlite_url)
    yield force
    force.database.close()


def menu(force: Force, *quarters: Quarter, threshold: int = THRESHOLD) -> PeriodMenu:
    """The menu, after figures of these quarters were published."""
    publish(force.database, force.law, quarters, datetime(2026, 7, 14, 12, tzinfo=UTC))
    with force.database.reading() as connection:
        return period_menu(connection, person=BOARD, threshold=threshold)


def quarters(first: Quarter, count: int) -> list[Quarter]:
    return [first.next(number) for number in range(count)]


def test_it_offers_published_quarters_newest_first_and_the_12_months_that_they_make(force: Force) -> None:
    offered = menu(force, *quarters(Quarter(2025, 2), 5))
    assert [period.id for period in offered.quarters] == ["2026-q2", "2026-q1", "2025-q4", "2025-q3", "2025-q2"]
    assert [period.id for period in offered.years] == ["year-to-2026-q2", "year-to-2026-q1"]
    assert offered.newest == Period.quarter(Quarter(2026, 2))
    assert offered.known_from_on == date(2025, 4, 1)


def test_12_months_with_a_quarter_that_was_not_published_are_not_offered(force: Force) -> None:
    offered = menu(force, Quarter(2025, 2), *quarters(Quarter(2025, 4), 3))
    assert offered.years == ()


def test_it_goes_back_to_the_first_that_was_published_and_charts_two_years(force: Force) -> None:
    offered = menu(force, *quarters(Quarter(2024, 1), 10))
    assert len(offered.quarters) == 10
    assert [period.id for period in offered.years][-1] == "year-to-2024-q4"
    assert [quarter.id for quarter in offered.charted][-1] == "2024-q3"


def test_what_shows_counts_that_are_to_be_hidden_is_not_offered(force: Force) -> None:
    assert menu(force, Quarter(2026, 1), threshold=10).quarters == ()


def test_nothing_is_offered_before_anything_is_published_and_nothing_else_is_chosen(force: Force) -> None:
    assert menu(force) == PeriodMenu((), (), ())
    assert menu(force, Quarter(2026, 1)).chosen("2019-q1") is None


def test_only_the_board_chooses(force: Force) -> None:
    with force.database.reading() as connection, pytest.raises(NotForTheBoard):
        period_menu(connection, person=force.elm, threshold=THRESHOLD)


def test_quarters_and_12_months_have_their_days_and_months() -> None:
    winter = Quarter.of(date(2026, 12, 31))
    assert (winter.from_on, winter.until_on) == (date(2026, 10, 1), date(2027, 1, 1))
    assert winter.months == ("2026-10", "2026-11", "2026-12")
    assert (winter.next(), winter.next(-3), winter.next(-4)) == (Quarter(2027, 1), Quarter(2026, 1), Quarter(2025, 4))
    year = Period.year_to(Quarter(2026, 2))
    assert (year.from_on, year.last_on) == (date(2025, 7, 1), date(2026, 6, 30))

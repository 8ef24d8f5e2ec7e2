"""At which of the months that are shown limits begin anew."""

from datetime import date

from victimcare.domain.process_changes import BOARD, ProcessChange, steps_at

MONTHS = [date(2026, number, 1) for number in (1, 2, 3, 5, 6)]
"""April is hidden."""


def change(number: int, from_on: date, *, declared_on: date = date(2026, 7, 1)) -> ProcessChange:
    return ProcessChange(number, "police", from_on, "Two teams became one", BOARD, date(2026, 6, 1), declared_on)


def test_limits_begin_anew_with_the_month_of_the_change() -> None:
    march = change(1, date(2026, 3, 1))
    assert steps_at(MONTHS, [march]) == {2: (march,)}


def test_where_the_month_is_hidden_they_begin_with_the_next_that_is_shown() -> None:
    april, may = change(2, date(2026, 4, 1)), change(1, date(2026, 5, 1))
    assert steps_at(MONTHS, [may, april]) == {3: (april, may)}


def test_what_has_nothing_before_it_or_nothing_after_it_begins_nowhere() -> None:
    ends = [change(number, on) for number, on in enumerate((date(2025, 6, 1), date(2026, 1, 1), date(2026, 7, 1)))]
    assert steps_at(MONTHS, ends) == {}
    assert steps_at([], ends) == {}


def test_how_long_afterwards_it_was_declared_is_known() -> None:
    assert change(1, date(2025, 11, 1), declared_on=date(2026, 2, 27)).months_afterwards == 3
    assert change(1, date(2026, 2, 1), declared_on=date(2026, 2, 27)).months_afterwards == 0

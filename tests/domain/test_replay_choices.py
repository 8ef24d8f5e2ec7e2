"""The menu of ways to reckon a quarter anew: ends of months, and editions, never both."""

from __future__ import annotations

from datetime import date

import pytest

from victimcare.domain.quarter import Quarter
from victimcare.domain.replay_choices import ReplayChoice, choices_of

SPRING = Quarter(2026, 2)


def test_days_are_the_ends_of_months_until_the_figures_were_published() -> None:
    offered = choices_of(SPRING, published_on=date(2026, 7, 14), editions=())
    assert [choice.known_on for choice in offered] == [date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)]
    assert [choice.code for choice in offered][:1] == ["known-2026-04-30"]


def test_an_edition_is_told_as_the_quarter_was_known_the_evening_before_it_was_published() -> None:
    *_, first, second = choices_of(SPRING, published_on=date(2026, 7, 14), editions=(3, 7))
    assert (first, second) == (ReplayChoice(date(2026, 7, 13), 3), ReplayChoice(date(2026, 7, 13), 7))
    assert (first.code, second.code) == ("edition-3", "edition-7")


def test_the_forces_own_times_are_one_entry_beside_the_editions_and_of_none_there_is_none() -> None:
    *_, edition, own = choices_of(SPRING, published_on=date(2026, 7, 14), editions=(3,), own_times="R6-ARR=3")
    assert (edition.code, own) == ("edition-3", ReplayChoice(date(2026, 7, 13), own_times="R6-ARR=3"))
    assert own.code == "own-times"


@pytest.mark.parametrize(
    ("published_on", "days"), [(date(2026, 4, 30), 0), (date(2026, 5, 1), 0), (date(2026, 5, 2), 1)]
)
def test_no_day_is_offered_that_tells_what_the_published_figures_tell(published_on: date, days: int) -> None:
    assert len(choices_of(SPRING, published_on=published_on, editions=())) == days

"""Figures in words."""

import pytest

from victimcare.domain.small_numbers import SUPPRESSED, Count, Proportion
from victimcare.presentation.figures import (
    change_in_words,
    interval_words,
    number,
    percent,
    plain_number,
    plain_percent,
)
from victimcare.queries.rates import Rate


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.8764, "87.6%"),
        (1.0, "100.0%"),
        (0.0, "0.0%"),
        (0.99999, "99.9%"),
        (0.00001, "0.1%"),
        (SUPPRESSED, "[c]"),
        (None, "[z]"),
    ],
)
def test_only_all_is_100_percent_and_only_none_is_0(share: Proportion | None, words: str) -> None:
    assert percent(share) == words
    assert plain_percent(share) == words.removesuffix("%")


def test_counts_are_grouped_for_people_and_plain_for_machines() -> None:
    assert (number(1234), plain_number(1234)) == ("1,234", "1234")
    assert (number(SUPPRESSED), plain_number(SUPPRESSED)) == ("[c]", "[c]")


def test_an_interval_is_hidden_with_its_share() -> None:
    assert interval_words((0.841, 0.902)) == "84.1% to 90.2%"
    assert interval_words(SUPPRESSED) == "[c]"
    assert interval_words(None) == "[z]"


def rate(numerator: Count, denominator: Count) -> Rate:
    return Rate.of(numerator, denominator, threshold=5)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (rate(48, 80), rate(56, 70), "+20.0 (5.2 to 33.4)"),
        (rate(56, 70), rate(48, 80), "−20.0 (−33.4 to −5.2)"),
        (rate(50, 100), rate(50, 100), "+0.0 (−13.6 to 13.6)"),
        (rate(48, 80), rate(3, 70), "[c]"),
        (rate(SUPPRESSED, 80), rate(56, 70), "[c]"),
        (None, rate(56, 70), "[z]"),
        (rate(48, 80), rate(0, 0), "[z]"),
    ],
)
def test_a_change_is_in_points_with_how_sure_it_is(before: Rate | None, after: Rate, words: str) -> None:
    assert change_in_words(before, after) == words

"""Figures in words."""

import pytest

from victimcare.domain.small_numbers import SUPPRESSED, Proportion
from victimcare.presentation.figures import interval_words, number, percent, plain_number, plain_percent


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

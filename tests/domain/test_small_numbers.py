"""Numbers that may not be shown, and percentages of them."""

import pytest

from victimcare.domain.small_numbers import SUPPRESSED, Count, Suppressed, added, protect_proportion


@pytest.mark.parametrize(
    ("numerator", "denominator", "proportion"),
    [
        (30, 40, 0.75),
        (0, 40, 0.0),
        (40, 40, 1.0),
        (SUPPRESSED, 40, SUPPRESSED),
        (30, SUPPRESSED, SUPPRESSED),
        (4, 40, SUPPRESSED),
        (36, 40, SUPPRESSED),  # 4 were not met
        (35, 40, 0.875),
        (4, 4, SUPPRESSED),
        (0, 4, SUPPRESSED),
        (0, 0, SUPPRESSED),
        (5, 5, 1.0),
    ],
)
def test_a_percentage_shows_no_small_count(
    numerator: Count, denominator: Count, proportion: float | Suppressed
) -> None:
    assert protect_proportion(numerator, denominator) == proportion


def test_more_than_all_is_not_a_proportion() -> None:
    with pytest.raises(ValueError, match="6 of 5 is not a proportion"):
        protect_proportion(6, 5)


def test_a_sum_of_what_is_hidden_is_hidden() -> None:
    assert added([5, 0, 7]) == 12
    assert added([5, SUPPRESSED]) is SUPPRESSED

"""Numbers that may not be shown, since they would point at one victim."""

from collections.abc import Iterable
from enum import Enum
from typing import Final, TypeAlias

THRESHOLD: Final = 5


class Suppressed(Enum):
    """Stands where a number may not be shown."""

    SUPPRESSED = "suppressed"


SUPPRESSED: Final = Suppressed.SUPPRESSED

Count: TypeAlias = int | Suppressed
Proportion: TypeAlias = float | Suppressed


def is_small(count: int, threshold: int = THRESHOLD) -> bool:
    """Whether a count is too small to be shown: 1 to `threshold` - 1. Nobody is found by a zero."""
    return 0 < count < threshold


def added(counts: Iterable[Count]) -> Count:
    """The sum of published counts, hidden if any of them is: it tells no more than they do."""
    total = 0
    for count in counts:
        if isinstance(count, Suppressed):
            return SUPPRESSED
        total += count
    return total


def protect_proportion(numerator: Count, denominator: Count, threshold: int = THRESHOLD) -> Proportion:
    """`numerator` / `denominator`, from 0 to 1, unless it would show what is hidden or rest on too few.

    Hidden if either count is, if the denominator is below `threshold`, or if the numerator or what is left of
    the denominator is 1 to `threshold` - 1.
    """
    if isinstance(numerator, Suppressed) or isinstance(denominator, Suppressed):
        return SUPPRESSED
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is not a proportion.")
    if denominator < max(threshold, 1) or any(
        is_small(count, threshold) for count in (numerator, denominator - numerator)
    ):
        return SUPPRESSED
    return numerator / denominator

"""A share of victims or duties, with what it is a share of and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

from victimcare.domain.small_numbers import SUPPRESSED, Count, Proportion, Suppressed, protect_proportion
from victimcare.domain.statistics import difference_interval, wilson_interval


@dataclass(frozen=True, slots=True)
class Rate:
    """`numerator` of `denominator`: `share` from 0 to 1 with its 95% `interval`; None where there is nothing to share.

    A number that may not be shown is `SUPPRESSED`.
    """

    numerator: Count
    denominator: Count
    share: Proportion | None
    interval: tuple[float, float] | Suppressed | None

    @classmethod
    def of(cls, numerator: Count, denominator: Count, *, threshold: int) -> Rate:
        """The rate, hidden where either count is or where it would rest on too few."""
        if denominator == 0:
            return cls(numerator, denominator, None, None)
        share = protect_proportion(numerator, denominator, threshold)
        if isinstance(share, Suppressed) or isinstance(numerator, Suppressed) or isinstance(denominator, Suppressed):
            return cls(numerator, denominator, SUPPRESSED, SUPPRESSED)
        return cls(numerator, denominator, share, wilson_interval(numerator, denominator))


@dataclass(frozen=True, slots=True)
class RateChange:
    """By how much a share changed, from -1 to 1, with its 95% interval."""

    by: float
    interval: tuple[float, float]


def change_of(before: Rate | None, after: Rate) -> RateChange | Suppressed | None:
    """How much a rate changed; None where one of the two has no share, `SUPPRESSED` where one is hidden."""
    if before is None or before.share is None or after.share is None:
        return None
    counts = (before.numerator, before.denominator, after.numerator, after.denominator)
    was, had, now, has = (None if isinstance(count, Suppressed) else count for count in counts)
    if isinstance(before.share, Suppressed) or isinstance(after.share, Suppressed):
        return SUPPRESSED
    if was is None or had is None or now is None or has is None:
        return SUPPRESSED
    return RateChange(after.share - before.share, difference_interval((was, had), (now, has)))

"""How figures are shown: one wording for tables, charts and CSV, so that the three agree."""

from __future__ import annotations

from victimcare.domain.small_numbers import Count, Proportion, Suppressed
from victimcare.queries.rates import Rate, change_of

HIDDEN = "[c]"
"""Stands for a number hidden to protect victims: confidential."""

TOO_FEW = "[x]"
"""Stands where there is no figure, since it would rest on too few."""

MINUS = "\N{MINUS SIGN}"

NOT_APPLICABLE = "[z]"
"""Stands where there can be no number."""


def number(count: Count) -> str:
    """A count for people: "1,234", or "[c]"."""
    return HIDDEN if isinstance(count, Suppressed) else f"{count:,}"


def plain_number(count: Count) -> str:
    """A count for machines: "1234", or "[c]"."""
    return HIDDEN if isinstance(count, Suppressed) else str(count)


def percent(share: Proportion | None) -> str:
    """A share as people read it: "87.6%", "[c]" or "[z]"."""
    plain = plain_percent(share)
    return plain if plain.startswith("[") else f"{plain}%"


def plain_percent(share: Proportion | None) -> str:
    """A share for machines, to one decimal: "87.6". Only all is "100.0", and only none is "0.0"."""
    if share is None:
        return NOT_APPLICABLE
    if isinstance(share, Suppressed):
        return HIDDEN
    rounded = f"{share * 100:.1f}"
    if rounded == "100.0" and share < 1:
        return "99.9"
    return "0.1" if rounded == "0.0" and share > 0 else rounded


def interval_ends(interval: tuple[float, float] | Suppressed | None) -> tuple[Proportion | None, Proportion | None]:
    """The low and the high end, each as a share."""
    return interval if isinstance(interval, tuple) else (interval, interval)


def interval_words(interval: tuple[float, float] | Suppressed | None) -> str:
    """A 95% interval as people read it: "84.1% to 90.2%", "[c]" or "[z]"."""
    low, high = interval_ends(interval)
    return f"{percent(low)} to {percent(high)}" if isinstance(interval, tuple) else percent(low)


def change_in_words(before: Rate | None, after: Rate) -> str:
    """How much a rate changed, in points with its 95% interval: "+3.2 (0.1 to 6.3)"; "[c]" or "[z]"."""
    change = change_of(before, after)
    if change is None:
        return NOT_APPLICABLE
    if isinstance(change, Suppressed):
        return HIDDEN
    by, low, high = points(change.by), points(change.interval[0]), points(change.interval[1])
    return f"{by if by.startswith(MINUS) else f'+{by}'} ({low} to {high})"


def plain_points(share: float) -> str:
    """Percentage points for machines, to one decimal: "-3.2"."""
    return f"{share * 100:.1f}".replace("-0.0", "0.0")


def points(share: float) -> str:
    """Percentage points to one decimal, with a minus sign that is read as one."""
    return plain_points(share).replace("-", MINUS)

"""How sure a proportion is, and how sure it is that one changed."""

from math import sqrt
from typing import Final

_Z95: Final = 1.959963984540054  # 97.5% of a normal distribution lie below it


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """The 95% confidence interval of a proportion, by Wilson's score: (low, high), each from 0 to 1.

    No trials tell nothing: (0, 1).
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a proportion.")
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    spread = _Z95 * sqrt(share * (1 - share) / trials + _Z95**2 / (4 * trials**2))
    centre = share + _Z95**2 / (2 * trials)
    scale = 1 + _Z95**2 / trials
    # At 0 of n and n of n the bound is the share itself; rounding must not push it past.
    return min(share, max(0.0, (centre - spread) / scale)), max(share, min(1.0, (centre + spread) / scale))


def difference_interval(before: tuple[int, int], after: tuple[int, int]) -> tuple[float, float]:
    """The 95% confidence interval of how much a proportion changed, each given as (successes, trials): (low, high).

    By Newcombe's hybrid score (method 10), from the Wilson interval of each. From -1 to 1; above 0 it rose.
    """
    (was, had), (now, has) = before, after
    was_low, was_high = wilson_interval(was, had)
    now_low, now_high = wilson_interval(now, has)
    if not had or not has:
        return -1.0, 1.0
    share_before, share_now = was / had, now / has
    change = share_now - share_before
    return (
        change - sqrt((share_now - now_low) ** 2 + (was_high - share_before) ** 2),
        change + sqrt((now_high - share_now) ** 2 + (share_before - was_low) ** 2),
    )

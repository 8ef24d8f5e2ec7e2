"""How sure a proportion is."""

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

"""How much work each open duty is: what a case officer's workload is made of. Force policy, never law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from victimcare.domain.agencies import OWN_AGENCY

UNIT = 100
"""Points in one unit of an officer's capacity: everything is counted in whole hundredths, so that sums are exact."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much, in points (hundredths of a unit).

    A duty of the police counts `own_duty`, and more by its `tiers` and `rules`; one of another agency, which the
    officer sees to without doing it, `duty_of_others`. A case that was handed over and whose victim does not know the
    officer yet counts `victim_not_told` besides.
    """

    own_duty: int
    duty_of_others: int
    tiers: Mapping[str, int] = field(hash=False)
    rules: Mapping[str, int] = field(hash=False)
    victim_not_told: int

    def of_duty(self, *, owed_by: str, tier: str, rule: str) -> int:
        """The points of one open duty."""
        if owed_by != OWN_AGENCY:
            return self.duty_of_others
        return self.own_duty + self.tiers.get(tier, 0) + self.rules.get(rule, 0)


def share(points: int, capacity: float) -> float:
    """The workload that these points are of an officer who can carry `capacity` units: 1.0 is full."""
    return points / UNIT / capacity

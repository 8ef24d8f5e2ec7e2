"""The clock of a personal data breach: 72 hours from when it was found to tell the Information Commissioner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WITHIN = timedelta(hours=72)
"""Data Protection Act 2018 s.67(1): without undue delay and, where feasible, within 72 hours of becoming aware."""
_HOUR = timedelta(hours=1)


class Decision(StrEnum):
    """Whether the Commissioner was told."""

    TOLD = "told"
    NOT_NEEDED = "not_needed"


DECISIONS: Mapping[Decision, str] = {
    Decision.TOLD: "The Information Commissioner was told",
    Decision.NOT_NEEDED: "They need not be told: no risk to anybody’s rights is likely",
}


@dataclass(frozen=True, slots=True)
class TellingClock:
    """The 72 hours from an instant. Hours that pass, whatever day it is and whether or not the clocks change."""

    found_at: datetime

    @property
    def due_at(self) -> datetime:
        """The UTC instant at which they are over."""
        return self.found_at + WITHIN

    def hours_left(self, now: datetime) -> int:
        """Whole hours that are left; below 0, how many have begun since."""
        return (self.due_at - now) // _HOUR

    def is_over(self, now: datetime) -> bool:
        """Whether the time to tell them is over."""
        return now > self.due_at

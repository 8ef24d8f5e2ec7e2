"""The clock of a personal data breach: 72 hours from when it was found to tell the Information Commissioner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WITHIN = timedelta(hours=72)
"""Data Protection Act 2018 s.67(1): without undue delay and, where feasible, within 72 hours of becoming aware."""
_HOUR = timedelta(hours=1)


class Reminder(StrEnum):
    """What whoever keeps an incident is told while nobody has decided. Codes of the outbox."""

    RECORDED = "recorded"
    A_DAY_LEFT = "a day left"
    HOURS_LEFT = "hours left"
    OVER = "over"


BEFORE_IT_IS_OVER: Mapping[Reminder, timedelta] = {
    Reminder.A_DAY_LEFT: timedelta(hours=24),
    Reminder.HOURS_LEFT: timedelta(hours=6),
    Reminder.OVER: timedelta(0),
}
"""How long before the end of the 72 hours each is told, the earliest first. Policy of the service, not law: with a day
left somebody who is at work can still be found on any day of the week; six hours are enough to write the notification
of s.67(4), and begin by night rather than end in it; when it is over, each hour more needs a better reason, which the
notification must then give (s.67(3))."""


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

    def reminder(self, now: datetime) -> Reminder | None:
        """The last that its age has reached: those missed before it, by an outage, are not made up for."""
        reached = [each for each, before in BEFORE_IT_IS_OVER.items() if now >= self.due_at - before]
        return reached[-1] if reached else None

    def is_over(self, now: datetime) -> bool:
        """Whether the time to tell them is over."""
        return now > self.due_at

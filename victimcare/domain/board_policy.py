"""What the force decided about figures for its board. Force policy, never law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.quarter import Quarter


@dataclass(frozen=True, slots=True)
class BoardPolicy:
    """Figures of a quarter are published on its `published_on`th working day after the end of it.

    Later is more complete, since what was done is recorded late; sooner is sooner.
    """

    published_on: int

    def day_of(self, quarter: Quarter, calendar: WorkingCalendar) -> date:
        """The London date on which the quarter's figures are published."""
        return calendar.working_day_from(quarter.until_on - timedelta(days=1), self.published_on)

"""The law as it is applied: the editions of the Code and the working days to count them in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.code import VictimsCode


@dataclass(frozen=True)
class Law:
    """What `assess` needs besides a journey."""

    code: VictimsCode
    calendar: WorkingCalendar

    def by(self, calendar: WorkingCalendar) -> Law:
        """The same editions, counted by another list of bank holidays."""
        return replace(self, calendar=calendar)

    @property
    def before_last_list(self) -> Law:
        """The same by the bank holidays that were in force before the last list; itself, where there were none."""
        return self.by(self.calendar.earlier) if self.calendar.earlier else self

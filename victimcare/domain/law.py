"""The law as it is applied: the editions of the Code and the working days to count them in."""

from __future__ import annotations

from dataclasses import dataclass

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.code import VictimsCode


@dataclass(frozen=True)
class Law:
    """What `assess` needs besides a journey."""

    code: VictimsCode
    calendar: WorkingCalendar

"""When a job is due: the slots of a schedule, as UTC instants. A slot is the scheduled instant, never "now".

Two schedulers name a slot alike, so that one of them can claim it, and a slot that nobody did can be found afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from victimcare.domain.calendar import LONDON

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many minutes in UTC, counted from midnight of 1 January 1970: the clock change does not exist."""

    minutes: int

    def latest(self, now: datetime) -> datetime:
        """The last slot at or before `now` (aware instant)."""
        return now.astimezone(UTC) - (now - _EPOCH) % timedelta(minutes=self.minutes)

    def following(self, now: datetime) -> datetime:
        """The first slot after `now`."""
        return self.latest(now) + timedelta(minutes=self.minutes)

    def __str__(self) -> str:
        if self.minutes % 60 == 0:
            hours = self.minutes // 60
            return "every hour" if hours == 1 else f"every {hours} hours"
        return "every minute" if self.minutes == 1 else f"every {self.minutes} minutes"


@dataclass(frozen=True, slots=True)
class DailyAt:
    """Once a day at this time in London. 01:00 to 01:59 is refused: it comes twice in October and never in March."""

    at: time

    def __post_init__(self) -> None:
        if self.at.hour == 1:
            raise InTheChangedHour(self.at)

    def latest(self, now: datetime) -> datetime:
        """The last slot at or before `now` (aware instant)."""
        today = self._on_day_of(now)
        return today if today <= now else self._on_day_of(now, -_ONE_DAY)

    def following(self, now: datetime) -> datetime:
        """The first slot after `now`."""
        today = self._on_day_of(now)
        return today if today > now else self._on_day_of(now, _ONE_DAY)

    def _on_day_of(self, now: datetime, shift: timedelta = timedelta(0)) -> datetime:
        day = now.astimezone(LONDON).date() + shift
        return datetime.combine(day, self.at, LONDON).astimezone(UTC)

    def __str__(self) -> str:
        return f"every day at {self.at:%H:%M}"


Trigger = Every | DailyAt


class InTheChangedHour(ValueError):
    """A time of day that the clock change doubles or leaves out."""

    def __init__(self, at: time) -> None:
        self.at = at
        super().__init__(f"{at:%H:%M} comes twice in October and never in March: choose a time outside 01:00 to 01:59")

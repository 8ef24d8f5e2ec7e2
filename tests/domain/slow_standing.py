"""What the slow model answers, and how a duty stands: working days are counted one by one."""

from dataclasses import dataclass
from datetime import date, timedelta

from victimcare.domain.calendar import WorkingCalendar

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Owed:
    """One duty as the slow model sees it. `endings`: every ending of the day on which it ended."""

    rule: str
    start: str
    owed_by: str
    counting: str
    started_on: date | None
    due_on: date | None
    tier: str
    provisional: bool
    endings: frozenset[str]
    ended_on: date | None
    outstanding: frozenset[str]

    def late_days(self, day: date) -> list[date]:
        """Each day on which it was late, up to `day` or the day on which it ended."""
        days: list[date] = []
        last = min(day, self.ended_on or day)
        late = self.due_on
        while late and late < last and self.counting == "counted" and "recorded_in_error" not in self.endings:
            late += ONE_DAY
            days.append(late)
        return days

    def standings(self, day: date) -> frozenset[str]:
        """What it may be called at the end of `day`."""
        late = bool(self.late_days(day))
        if "recorded_in_error" in self.endings:
            return frozenset({"recorded in error"})
        if self.counting in ("no_evidence", "not_yet_known"):
            return frozenset({self.counting.replace("_", " ")})
        if self.ended_on is not None and self.ended_on <= day:
            words = {"not_safe": "not safe to inform", "met": "met late" if late else "met"}
            return frozenset(words.get(ending, ending.replace("_", " ")) for ending in self.endings)
        if self.due_on is None or self.started_on is None or day < self.started_on:
            return frozenset({"not started"})
        if self.counting == "expected":
            return frozenset({"expected" if day > self.started_on else "not started"})
        if late:
            return frozenset({"overdue"})
        return frozenset({"due today" if day == self.due_on else "due"})


def works(calendar: WorkingCalendar, day: date) -> bool:
    """Monday to Friday less the bank holidays."""
    return day.weekday() < 5 and day not in calendar.holidays

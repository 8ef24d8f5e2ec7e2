"""Dates, times and counts as people say them. Instants are shown in London time."""

from __future__ import annotations

from datetime import date, datetime, time

from victimcare.domain.calendar import LONDON
from victimcare.domain.explanation import in_words

NOT_RECORDED = "Not recorded"


def weekday(day: date) -> str:
    """With the day of the week, as deadlines are given: "Friday 22 May 2026"."""
    return in_words(day)


def day(day: date) -> str:
    """Without it: "22 May 2026"."""
    return in_words(day).split(" ", 1)[1]


def month(day: date) -> str:
    """The month alone: "May 2026"."""
    return in_words(day).split(" ", 2)[2]


def clock(at: datetime | time) -> str:
    """The time of day in London: "9:32am", "midday", "11:59pm"."""
    local = at.astimezone(LONDON).time() if isinstance(at, datetime) else at
    if (local.hour, local.minute) in {(0, 0), (12, 0)}:
        return "midday" if local.hour else "midnight"
    return f"{local.hour % 12 or 12}:{local.minute:02}{'pm' if local.hour >= 12 else 'am'}"


def instant(at: datetime) -> str:
    """A UTC instant as a London date and time: "22 May 2026 at 9:32am"."""
    return f"{day(at.astimezone(LONDON).date())} at {clock(at)}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """A count and its noun: "1 case", "2,031 cases"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def or_none(value: object, instead: str = NOT_RECORDED) -> object:
    """The value, or words that say that there is none: staff read an empty cell as a fault."""
    return instead if value is None or value == "" else value


def due_label(due_on: date, today: date, working_days_late: int, *, expected: bool = False) -> tuple[str, str]:
    """How a due date stands, and the state that `components.due` shows it in: ("Overdue by 3 working days", "overdue").

    A duty whose day passed with no working day since is overdue all the same.
    """
    if expected:
        return "Result expected", "later"
    if due_on < today:
        return f"Overdue by {counted(working_days_late, 'working day')}" if working_days_late else "Overdue", "overdue"
    return ("Due today", "today") if due_on == today else ("Due", "soon")

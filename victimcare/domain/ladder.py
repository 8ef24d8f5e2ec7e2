"""The escalation ladder: who hears of a duty, how many working days before or after its day. Force policy, never law.

A duty stands at one step at a time: the last that its age has reached. That one is told of, once; the steps that
nobody was told of in time are not made up for, so that neither an outage nor a case opened again tells all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from victimcare.domain.calendar import LONDON, WorkingCalendar, london_date
from victimcare.domain.small_numbers import THRESHOLD
from victimcare.domain.watches import Lengths

_ONE_DAY = timedelta(days=1)


class Told(StrEnum):
    """As what somebody is told of a step, nearest to the victim first."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    NEXT_SUPERVISOR = "next_supervisor"

    @property
    def in_words(self) -> str:
        """As it is said on pages."""
        return _TOLD_WORDS[self]


_TOLD_WORDS = {
    Told.OFFICER: "the case officer",
    Told.SUPERVISOR: "the team's supervisor on duty",
    Told.NEXT_SUPERVISOR: "the supervisor's supervisor",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a ladder: `at` so many working days from the duty's day (-2: two before it), these people are told.

    One that is `urgent` goes by itself and as soon as it is reached, whatever its reader has chosen.
    """

    at: int
    to: tuple[Told, ...]
    urgent: bool = False

    @property
    def code(self) -> str:
        """What names it wherever it is stored: "before_2", "due", "late_3". The same day is the same step."""
        if self.at == 0:
            return "due"
        return f"late_{self.at}" if self.at > 0 else f"before_{-self.at}"

    @property
    def in_words(self) -> str:
        """When it is reached, as it is said on pages."""
        if self.at == 0:
            return "On the day"
        days = f"{abs(self.at)} working day{'s' if abs(self.at) > 1 else ''}"
        return f"{days} late" if self.at > 0 else f"{days} before"


@dataclass(frozen=True, slots=True)
class NoticeHours:
    """From and until which time of day in London, on working days, somebody who works here may be sent something."""

    begin: time
    end: time

    def next_open(self, now: datetime, calendar: WorkingCalendar) -> datetime:
        """`now` where it is within the hours, else the instant (UTC) at which they next begin."""
        day = london_date(now)
        while True:
            if calendar.is_working_day(day):
                if now < _at(day, self.begin):
                    return _at(day, self.begin)
                if now < _at(day, self.end):
                    return now
            day += _ONE_DAY


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LONDON).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of every duty: those of its rule, else those of its right, else those of all.

    A duty `listed_after` so many working days late is counted in the monthly list for the board, which shows no count
    from 1 up to `small_numbers_below`; None: there is no list. `watches` says how long each watch waits, whose steps
    stand among those of rules. Another agency is asked for what it owes at each of `agencies_asked_at`, so many working
    days late.
    """

    hours: NoticeHours
    of_all: tuple[Step, ...]
    of_right: Mapping[int, tuple[Step, ...]] = field(default_factory=dict)
    of_rule: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    listed_after: int | None = None
    small_numbers_below: int = THRESHOLD
    watches: Lengths = field(default_factory=dict)
    agencies_asked_at: tuple[int, ...] = ()

    def steps(self, rule: str, right: int) -> tuple[Step, ...]:
        """The steps of this rule's duties, or of a watch, earliest first."""
        return self.of_rule.get(rule) or self.of_right.get(right) or self.of_all

    def step_at(self, age: int, *, rule: str, right: int) -> Step | None:
        """Where a duty of this age stands; None while it is too early to tell anybody."""
        return next((step for step in reversed(self.steps(rule, right)) if step.at <= age), None)

    def asked_step(self, age: int) -> str | None:
        """The code of the step at which an agency is asked for what is of this age; None while it has time."""
        reached = [at for at in self.agencies_asked_at if at <= age]
        return f"asked_{max(reached)}" if reached else None

    @property
    def ages(self) -> tuple[int, ...]:
        """Every age at which some duty reaches a step."""
        ladders = (self.of_all, *self.of_right.values(), *self.of_rule.values())
        return tuple(sorted({step.at for steps in ladders for step in steps}))


def age_on(today: date, *, due_on: date, calendar: WorkingCalendar) -> int:
    """How many working days `today` is from a duty's day: -1 on the one before it, 0 on it, 1 on the first when late.

    A day that does not count stands for the working day before it: what is due on Sunday is at 0 on Friday.
    """
    return calendar.working_days_between(due_on, today)


def due_when_reached(at: int, *, after: date, today: date, calendar: WorkingCalendar) -> tuple[date, date]:
    """The first and last day that a duty may be due on to reach the age `at` after one day and until another."""
    first = calendar.working_day_from(after, 1 - at)
    return first, calendar.working_day_from(today, 1 - at) - _ONE_DAY


def told_at(step: Step, steps: Iterable[Step], left: frozenset[str]) -> tuple[Told, ...]:
    """Who is told at this step: its own, and those of steps before it of which nothing has left.

    What still waits of those is no longer true, and will not leave.
    """
    missed = (each for each in steps if each.at < step.at and each.code not in left)
    told = {*step.to, *(one for each in missed for one in each.to)}
    return tuple(one for one in Told if one in told)

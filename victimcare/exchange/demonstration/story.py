"""The telling of a life story: a day that moves on, and what happens on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from random import Random

from victimcare.domain.calendar import LONDON, WorkingCalendar
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, Value


class Plan(Enum):
    """What becomes of the duties that something starts."""

    CHANCE = "as it happens"
    KEPT = "kept in time"
    OPEN = "left open"
    ATTEMPTED = "attempted only"
    ASKED = "a good reason asked for"


@dataclass(frozen=True, slots=True, eq=False)
class Happening:
    """Something that happens in a story; instants are UTC. `corrects` names the happening that it corrects."""

    kind: EventKind
    at: datetime
    recorded_at: datetime
    received_at: datetime | None = None
    subject: str | None = None
    details: Mapping[str, Value] = field(default_factory=dict)
    plan: Plan = Plan.CHANCE
    corrects: Happening | None = None
    correction: Correction | None = None
    contacts_recorded: bool = True
    published: tuple[date, str] | None = None
    """The month and the words under which it was published, if it was."""


class Story:
    """Where a story has got to. `wait` moves on; `happens` says what happens on the day reached.

    In a `prompt` story everything is recorded on its day; else a little of it days later.
    """

    def __init__(self, *, chance: Random, calendar: WorkingCalendar, day: date, prompt: bool = False) -> None:
        self.chance = chance
        self.calendar = calendar
        self.day = day
        self._prompt = prompt
        self._last_on: date | None = None
        self._last_at: datetime | None = None

    def wait(self, least: int, most: int | None = None) -> Story:
        """Let so many days go by, or some number between the two."""
        self.day += timedelta(days=self.chance.randint(least, most if most is not None else least))
        return self

    def likely(self, probability: float) -> bool:
        """Whether something of this probability comes about."""
        return self.chance.random() < probability

    def happens(
        self,
        kind: EventKind,
        subject: str | None = None,
        *,
        on: date | None = None,
        received_after: int | None = None,
        plan: Plan = Plan.CHANCE,
        contacts_recorded: bool = True,
        details: Mapping[str, Value] | None = None,
        **more_details: Value,
    ) -> Happening:
        """It happens now, or `on` a day of its own; `received_after` so many working days, if it has to arrive."""
        at = self._instant(on or self.day)
        received_at = None
        if received_after is not None:
            arrives_on = self.calendar.add_working_days(on or self.day, received_after)
            received_at = max(instant_on(arrives_on, self.chance, 9, 16), at + timedelta(minutes=20))
        recorded_at = (received_at or at) + timedelta(minutes=self.chance.randint(5, 150))
        if not self._prompt and self.likely(0.03):
            recorded_at += timedelta(days=self.chance.randint(1, 6))
        return Happening(
            kind,
            at,
            recorded_at,
            received_at,
            subject,
            {**(details or {}), **more_details},
            plan,
            contacts_recorded=contacts_recorded,
        )

    def corrects(self, wrong: Happening, correction: Correction, *, days_earlier: int = 0) -> Happening:
        """Somebody notices, some days later, that what was recorded was wrong."""
        recorded_at = wrong.recorded_at + timedelta(days=self.chance.randint(1, 5), minutes=self.chance.randint(5, 90))
        return Happening(
            wrong.kind,
            wrong.at - timedelta(days=days_earlier),
            recorded_at,
            wrong.received_at,
            wrong.subject,
            wrong.details,
            wrong.plan,
            wrong,
            correction,
        )

    def _instant(self, day: date) -> datetime:
        """Later than what happened before it on the same day."""
        at = instant_on(day, self.chance, 8, 19)
        if self._last_on == day and self._last_at is not None and at <= self._last_at:
            at = self._last_at + timedelta(minutes=self.chance.randint(5, 40))
        self._last_on, self._last_at = day, at
        return at


def instant_on(day: date, chance: Random, from_hour: int, to_hour: int) -> datetime:
    """Some instant (UTC) between two hours of London time."""
    minutes = chance.randrange(from_hour * 60, to_hour * 60)
    return datetime.combine(day, time(minutes // 60, minutes % 60), LONDON).astimezone(UTC)

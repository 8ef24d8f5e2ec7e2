"""The ladder again, simply and slowly: what a force would do by hand, with slips of paper and a calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from victimcare.domain.calendar import WorkingCalendar

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
BEGIN, END = time(8), time(18)
Steps = dict[str, list[tuple[int, list[str], bool]]]
"""By rule, "" for all others: how many working days late, who hears it, whether it is urgent."""
STEPS: Steps = {
    "R6-ARR": [(-2, ["o"], False), (0, ["o"], False), (1, ["o", "s"], False), (3, ["s", "n"], False)],
    "R6-REL": [(0, ["o"], True), (1, ["o", "s"], True), (2, ["n"], False)],
}
Key = tuple[Any, date, int, str | None]
"""A slip's duty, the day that is due on, its step, and its person (None: the inbox)."""


@dataclass
class Duty:
    """One duty, as the wall has it."""

    case: str
    rule: str
    due_on: date
    open: bool
    changed_at: datetime


@dataclass
class Team:
    """Whom a team names."""

    on_duty: str
    above: str | None


@dataclass
class Slip:
    """A slip of paper that waits for somebody: when it may go, and in which envelope (person, day), if in one."""

    told_as: list[str]
    goes_at: datetime
    envelope: tuple[str, date] | None
    state: str = "waiting"


@dataclass
class Wall:
    """Everything that is known, and every slip: by duty and the day it is due on, then by step and person."""

    calendar: WorkingCalendar
    team_of: dict[str, str]
    supervisors: list[str]
    teams: dict[str, Team]
    holder: dict[str, str]
    steps: Steps = field(default_factory=lambda: STEPS)
    duties: dict[Any, Duty] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    cover: dict[str, str] = field(default_factory=dict)
    kept_out: dict[str, set[str]] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    alone: set[str] = field(default_factory=set)
    slips: dict[tuple[Any, date], dict[tuple[int, str | None], Slip]] = field(default_factory=dict)
    waiting: dict[Key, Slip] = field(default_factory=dict)
    leaves: dict[tuple[str, date], datetime] = field(default_factory=dict)
    sealed: set[tuple[str, date]] = field(default_factory=set)
    sent: list[Key] = field(default_factory=list)

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.calendar.holidays

    def age(self, duty: Duty, today: date) -> int:
        """Counted on the fingers, a day at a time."""
        count, day = 0, min(today, duty.due_on)
        while day < max(today, duty.due_on):
            day += DAY
            count += self.works(day)
        return count if today > duty.due_on else -count

    def steps_of(self, duty: Duty) -> list[tuple[int, list[str], bool]]:
        return self.steps[duty.rule if duty.rule in self.steps else ""]

    def step(self, duty: Duty, today: date) -> tuple[int, list[str], bool] | None:
        age = self.age(duty, today)
        reached = [step for step in self.steps_of(duty) if step[0] <= age]
        return reached[-1] if reached else None

    def opens(self, now: datetime) -> datetime:
        """The next minute in which somebody may be sent something, looked for a minute at a time."""
        local = now.astimezone(LONDON)
        day = local.date()
        while not (self.works(day) and (day > local.date() or local.time() < END)):
            day += DAY
        begins = datetime.combine(day, BEGIN, LONDON).astimezone(UTC)
        return max(begins, now)

    def here(self, person: str | None) -> bool:
        return person is not None and person not in self.away and person not in self.cover

    def hear(self, duty: Duty, told_as: Iterable[str]) -> list[str | None]:
        """Who hears it, each once; where nobody is above the team, the others alone."""
        told_as, officer = list(told_as), self.holder[duty.case]
        team = self.teams[self.team_of[officer]]
        above = self.team_of[team.above] if team.above else None
        lines: dict[str, list[str | None]] = {
            "o": [officer, self.cover.get(officer)],
            "s": [team.on_duty, *self.of_team(self.team_of[officer])],
            "n": [team.above, *(self.of_team(above) if above else [])],
        }
        found: list[str | None] = []
        for role in "osn":
            if role in told_as and (role != "n" or team.above or told_as == ["n"]):
                line = [one for rank in "osn"["osn".index(role) :] for one in lines[rank]]
                fit = [p for p in line if self.here(p) and p not in self.kept_out.get(duty.case, set())]
                found.append(fit[0] if fit else None)
        return list(dict.fromkeys(found))

    def of_team(self, team: str) -> list[str]:
        return sorted(one for one in self.supervisors if self.team_of[one] == team)

    def write_slips(self, now: datetime, since: datetime, *, urgent_only: bool = False) -> None:
        """What the clerk does at seven, and every few minutes for what is urgent."""
        today = now.astimezone(LONDON).date()
        last = since.astimezone(LONDON).date()
        ages = {at for steps in self.steps.values() for at, _, _ in steps}
        for name, duty in sorted(self.duties.items()):
            news = duty.changed_at >= since - timedelta(minutes=5)
            step = self.step(duty, today) if duty.open and (news or not urgent_only) else None
            if step is None or (urgent_only and not step[2]):
                continue
            then, age = self.age(duty, last), self.age(duty, today)
            if news or any(then < at <= age for at in ages):
                self.write(name, duty, step, now)

    def write(self, name: Any, duty: Duty, step: tuple[int, list[str], bool], now: datetime) -> None:
        slips = self.slips.get((name, duty.due_on), {})
        if step[0] in {at for (at, _), slip in slips.items() if slip.state != "torn"}:
            return
        gone = {at for (at, _), slip in slips.items() if slip.state == "gone"}
        missed = [to for at, to, _ in self.steps_of(duty) if at < step[0] and at not in gone]
        told_as = sorted({*step[1], *(one for to in missed for one in to)})
        for person in self.hear(duty, told_as):
            self.pin((name, duty.due_on, step[0], person), self.slip(told_as, person, step[2], now))

    def pin(self, key: Key, slip: Slip) -> None:
        """Unless there is one already that was not torn."""
        name, due_on, at, person = key
        there = self.slips.setdefault((name, due_on), {})
        if (at, person) not in there or there[at, person].state == "torn":
            there[at, person] = self.waiting[key] = slip
            if slip.envelope:
                self.leaves[slip.envelope] = max(slip.goes_at, self.leaves.get(slip.envelope, slip.goes_at))

    def slip(self, told_as: list[str], person: str | None, urgent: bool, now: datetime) -> Slip:
        opens = self.opens(now)
        if urgent or person is None or person in self.alone:
            return Slip(told_as, opens, None)
        # Fifteen minutes for everything to get into the envelope.
        opens = self.opens(now + timedelta(minutes=15))
        day = opens.astimezone(LONDON).date()
        if (person, day) in self.sealed:
            opens = self.opens(datetime.combine(day + DAY, time(0), LONDON))
            day = opens.astimezone(LONDON).date()
        return Slip(told_as, opens, (person, day))

    def send(self, now: datetime) -> list[tuple[Key, tuple[str, date] | None]]:
        """What leaves now, and in which envelope: what has come to its time and is true, to whoever hears it by now."""
        sent: list[tuple[Key, tuple[str, date] | None]] = []
        if self.opens(now) > now:
            return sent
        while ready := [key for key, slip in self.waiting.items() if self.goes_at(slip) <= now]:
            for key in ready:
                slip = self.waiting.pop(key)
                if slip.envelope:
                    self.sealed.add(slip.envelope)
                duty = self.duties.get(key[0])
                slip.state = "torn"
                if duty is not None and self.is_true(key, duty, now):
                    self.hand_out(key, slip, duty, now)
                if slip.state == "gone":
                    sent.append((key, slip.envelope))
        self.sent += [key for key, _ in sent]
        return sent

    def goes_at(self, slip: Slip) -> datetime:
        """An envelope goes when the last slip that was put into it may."""
        return self.leaves[slip.envelope] if slip.envelope else slip.goes_at

    def is_true(self, key: Key, duty: Duty, now: datetime) -> bool:
        step = self.step(duty, now.astimezone(LONDON).date())
        return duty.open and duty.due_on == key[1] and step is not None and step[0] == key[2]

    def hand_out(self, key: Key, slip: Slip, duty: Duty, now: datetime) -> None:
        """To its person, if they still hear it; and a slip for each who hears it beside them or instead."""
        person, hear = key[3], self.hear(duty, slip.told_as)
        if person in hear:
            # Whoever reads the inbox need not be one who may see the case: then the slip stays where it is.
            slip.state = "stuck" if person is None and duty.case in self.listed else "gone"
        for other in hear:
            if other != person:
                self.pin((*key[:3], other), Slip(slip.told_as, now, None))

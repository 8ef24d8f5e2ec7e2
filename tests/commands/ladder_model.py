"""The ladder again, simply and slowly: what a force would do by hand, with slips of paper and a calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from victimcare.domain.calendar import WorkingCalendar

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
BEGIN, END = time(8), time(18)
STEPS = {
    "R6-ARR": [(-2, ["o"], False), (0, ["o"], False), (1, ["o", "s"], False), (3, ["s", "n"], False)],
    "R6-REL": [(0, ["o"], True), (1, ["o", "s"], True), (2, ["n"], False)],
}
AGES = {at for steps in STEPS.values() for at, _, _ in steps}


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
    """Everything that is known, and every slip: by duty, the day it is due on, step and person (None: the inbox)."""

    calendar: WorkingCalendar
    team_of: dict[str, str]
    supervisors: list[str]
    teams: dict[str, Team]
    holder: dict[str, str]
    duties: dict[str, Duty] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    cover: dict[str, str] = field(default_factory=dict)
    kept_out: dict[str, set[str]] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    alone: set[str] = field(default_factory=set)
    slips: dict[tuple[str, date, int, str | None], Slip] = field(default_factory=dict)
    sealed: set[tuple[str, date]] = field(default_factory=set)
    sent: list[tuple[str, date, int, str | None]] = field(default_factory=list)

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.calendar.holidays

    def age(self, duty: Duty, today: date) -> int:
        """Counted on the fingers, a day at a time."""
        count, day = 0, min(today, duty.due_on)
        while day < max(today, duty.due_on):
            day += DAY
            count += self.works(day)
        return count if today > duty.due_on else -count

    def step(self, duty: Duty, today: date) -> tuple[int, list[str], bool] | None:
        reached = [step for step in STEPS[duty.rule] if step[0] <= self.age(duty, today)]
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
        """Who hears it, each once."""
        officer = self.holder[duty.case]
        team = self.teams[self.team_of[officer]]
        above = self.team_of[team.above] if team.above else None
        lines: dict[str, list[str | None]] = {
            "o": [officer, self.cover.get(officer)],
            "s": [team.on_duty, *self.of_team(self.team_of[officer])],
            "n": [team.above, *(self.of_team(above) if above else [])],
        }
        found: list[str | None] = []
        for role in "osn":
            if role in told_as:
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
        for name, duty in sorted(self.duties.items()):
            step = self.step(duty, today) if duty.open else None
            if step is None or (urgent_only and not step[2]):
                continue
            then, age = self.age(duty, last), self.age(duty, today)
            reached = not urgent_only and any(then < at <= age for at in AGES)
            if reached or duty.changed_at >= since - timedelta(minutes=5):
                self.write(name, duty, step, now)

    def write(self, name: str, duty: Duty, step: tuple[int, list[str], bool], now: datetime) -> None:
        fired = {
            at
            for (d, due, at, _), slip in self.slips.items()
            if (d, due) == (name, duty.due_on) and slip.state != "torn"
        }
        if step[0] in fired:
            return
        gone = {
            at for (d, due, at, _), slip in self.slips.items() if (d, due, slip.state) == (name, duty.due_on, "gone")
        }
        missed = [to for at, to, _ in STEPS[duty.rule] if at < step[0] and at not in gone]
        told_as = sorted({*step[1], *(one for to in missed for one in to)})
        for person in self.hear(duty, told_as):
            slip = self.slips.get((name, duty.due_on, step[0], person))
            if slip is None or slip.state == "torn":
                self.slips[name, duty.due_on, step[0], person] = self.slip(told_as, person, step[2], now)

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

    def send(self, now: datetime) -> list[tuple[str, date, int, str | None]]:
        """What leaves now: slips whose time has come, that are true, to whoever hears them by now."""
        sent: list[tuple[str, date, int, str | None]] = []
        if self.opens(now) > now:
            return sent
        while ready := [key for key, slip in self.slips.items() if slip.state == "waiting" and slip.goes_at <= now]:
            for key in ready:
                name, due_on, at, person = key
                slip, duty = self.slips[key], self.duties[name]
                if slip.envelope:
                    self.sealed.add(slip.envelope)
                step = self.step(duty, now.astimezone(LONDON).date())
                if not duty.open or duty.due_on != due_on or step is None or step[0] != at:
                    slip.state = "torn"
                    continue
                hear = self.hear(duty, slip.told_as)
                slip.state = "torn"
                if person in hear:
                    # Whoever reads the inbox need not be one who may see the case: then the slip stays where it is.
                    slip.state = "stuck" if person is None and duty.case in self.listed else "gone"
                if slip.state == "gone":
                    sent.append(key)
                for other in hear:
                    theirs = self.slips.get((name, due_on, at, other))
                    if other != person and (theirs is None or theirs.state == "torn"):
                        self.slips[name, due_on, at, other] = Slip(slip.told_as, now, None)
        self.sent += sent
        return sent

"""Two years of a force, day by day: every notice of the jobs against a slow model, and every mail.

Who hears, of which duty and step, on which day, in which digest. The model knows neither SQL nor the service's own
arithmetic of days (tests/commands/ladder_model.py, tests/jobs/years.py).
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select, text

from tests.commands.ladder_model import DAY, LONDON, Key
from tests.force import Force, a_force
from tests.jobs.counted import Clock, Nowhere
from tests.jobs.years import LADDER, Name, Years
from tests.outbox import cases_told
from victimcare.jobs.runner import Runner
from victimcare.jobs.schedule import job_named
from victimcare.notices.channel import Notice
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES
from victimcare.store.outbox import OUTBOX
from victimcare.store.tables import OPEN_AND_COUNTED

FIRST = date(2025, 1, 1)
CASES_IN_TWO_YEARS = int(os.environ.get("TWO_YEARS_CASES", "5000"))
AGES = {"due": 0, **{f"before_{n}": -n for n in (1, 2)}, **{f"late_{n}": n for n in (1, 2, 3)}}
MORNING, EVERYTHING = ("remind", "remind-urgently", "deliver-outbox"), ("remind-urgently", "deliver-outbox")
WORKING_DAY = {
    time(7): MORNING,
    time(8): ("deliver-outbox",),
    time(10, 2): EVERYTHING,
    time(17, 30): EVERYTHING,
    time(20): EVERYTHING,
}
OTHER_DAY = {time(7): MORNING, time(12): EVERYTHING}
LATE_MORNING = {time(9, 41): MORNING, time(10): ("deliver-outbox",), time(16): EVERYTHING}
LATE = "What is late by"
Envelope = tuple[str, date] | None


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


@dataclass
class Days:
    """The days that pass, with the jobs of each; and what was found."""

    force: Force
    years: Years
    clock: Clock = field(default_factory=Clock)
    channel: Nowhere = field(default_factory=Nowhere)
    reached: dict[str, datetime] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    lists_wait: int = 0

    def __post_init__(self) -> None:
        self.runner = Runner(self.force.database, law=self.force.law, channel=self.channel, clock=self.clock)

    def day(self, on: date, ticks: dict[time, tuple[str, ...]]) -> None:
        """One day: what happens in it, and the jobs at their times."""
        for at, names in ticks.items():
            self.tick(datetime.combine(on, at, LONDON).astimezone(UTC), names)

    def tick(self, now: datetime, names: tuple[str, ...]) -> None:
        """What happened until now, and then these jobs."""
        self.years.until(now)
        self.clock.now = now
        for name in names:
            self.by_hand(name, now)
            finished = self.runner.tick(job_named(name))
            assert finished is None or finished.succeeded, finished
            if name == "deliver-outbox":
                self.compare(now)

    def by_hand(self, name: str, now: datetime) -> None:
        """What the model does at that slot, once."""
        slot = self.slot(name, now)
        since = self.reached.get(name)
        if slot is not None and slot != since:
            self.reached[name] = slot
            if since is not None:
                self.years.wall.write_slips(now, since, urgent_only=name == "remind-urgently")
            if since is not None and name == "remind" and self.month_begins(since, now):
                self.lists_wait += 1

    def slot(self, name: str, now: datetime) -> datetime | None:
        """Seven in London for the morning's job, every five minutes for the urgent one."""
        if name == "remind":
            day = now.astimezone(LONDON).date()
            seven = datetime.combine(day, time(7), LONDON)
            return (seven if seven <= now else datetime.combine(day - DAY, time(7), LONDON)).astimezone(UTC)
        if name == "remind-urgently":
            return now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0)
        return None

    def month_begins(self, since: datetime, now: datetime) -> bool:
        """Whether a month's first working day lies between two mornings."""
        day, last = since.astimezone(LONDON).date() + DAY, now.astimezone(LONDON).date()
        while day <= last:
            before = [day.replace(day=n) for n in range(1, day.day)]
            if self.years.wall.works(day) and not any(map(self.years.wall.works, before)):
                return True
            day += DAY
        return False

    # What is compared

    def compare(self, now: datetime) -> None:
        """Every notice that left now, and every mail."""
        expected = self.years.wall.send(now)
        mails, self.channel.sent = self.channel.sent, []
        lists = [mail for mail in mails if mail.subject.startswith(LATE)]
        assert self.rows_sent(now, some=bool(mails)) == Counter(expected), now
        assert self.mails_of(mails) == self.mails_expected(expected), now
        self.compare_lists(lists, now)
        self.told.update(f"step {key[2]:+}" for key, _ in expected)
        self.told["mails"] += len(mails)
        self.told["digests"] += len({envelope for _, envelope in expected if envelope})
        self.told["to an inbox"] += sum(key[3] is None for key, _ in expected)
        self.told["lists for the board"] += len(lists)

    def rows_sent(self, now: datetime, *, some: bool) -> Counter[tuple[Key, Envelope]]:
        """As the service has them."""
        if not some:
            return Counter()
        in_digest = OUTBOX.alias()
        source = OUTBOX.join(CASES, CASES.c.id == OUTBOX.c.case_id)
        source = source.outerjoin(in_digest, in_digest.c.id == OUTBOX.c.digest_id)
        wanted = select(OUTBOX, CASES.c.ref, in_digest.c.due_on.label("digest_on")).select_from(source)
        now_sent = (OUTBOX.c.sent_at == now) & OUTBOX.c.told_as.is_not(None) & (OUTBOX.c.status == "sent")
        with self.force.database.reading() as connection:
            return Counter(_as_key(row) for row in connection.execute(wanted.where(now_sent)))

    def mails_of(self, mails: list[Notice]) -> Counter[Any]:
        """To whom, and of which cases how often."""
        told = [(mail.address, cases_told(mail.body)) for mail in mails if not mail.subject.startswith(LATE)]
        return Counter((to, frozenset(cases.items())) for to, cases in told)

    def mails_expected(self, expected: list[tuple[Key, Envelope]]) -> Counter[Any]:
        """The same, from slips and envelopes."""
        found: list[tuple[str, frozenset[tuple[str, int]]]] = []
        envelopes: dict[tuple[str, date], Counter[str]] = {}
        for (name, _, _, person), envelope in expected:
            if envelope:
                envelopes.setdefault(envelope, Counter())[name[0]] += 1
            else:
                wall = self.years.wall
                to = person or wall.team_of[wall.holder[name[0]]]
                found.append((f"{to}@example.invalid", frozenset({(name[0], 1)})))
        found += [(f"{who}@example.invalid", frozenset(cases.items())) for (who, _), cases in envelopes.items()]
        return Counter(found)

    def compare_lists(self, lists: list[Notice], now: datetime) -> None:
        """The board has its list in the first hours of the month, and where it shows a count that is right."""
        open_now = self.years.wall.opens(now) == now
        assert len(lists) == (self.lists_wait if open_now else 0), now
        self.lists_wait -= len(lists)
        today = now.astimezone(LONDON).date()
        late = Counter(
            int(duty.rule[1]) for duty in self.years.wall.duties.values() if self.years.wall.age(duty, today) >= 10
        )
        for mail in lists:
            shown = re.findall(r"Right (\d+): ([\d,]+|hidden)", mail.body)
            assert {int(right) for right, _ in shown} <= set(late)
            assert all(said == "hidden" or int(said.replace(",", "")) == late[int(right)] for right, said in shown)

    def compare_duties(self) -> None:
        """What the service says is owed is what the wall has."""
        columns = (CASES.c.ref, DUES.c.rule, DUES.c.start_key, DUES.c.due_on, DUES.c.holder_id)
        owed = select(*columns).join(CASES, CASES.c.id == DUES.c.case_id).where(text(OPEN_AND_COUNTED))
        with self.force.database.reading() as connection:
            rows = {tuple(row) for row in connection.execute(owed)}
        wall = self.years.wall
        assert rows == {(*name, duty.due_on, wall.holder[duty.case]) for name, duty in wall.duties.items()}


def _as_key(row: Any) -> tuple[Key, Envelope]:
    name: Name = (row.ref, row.rule, row.start_key)
    envelope = (row.recipient_id, row.digest_on) if row.digest_id is not None else None
    return (name, row.due_on, AGES[row.step], row.recipient_id), envelope


def plan(years: Years, *, first: date, days: int, cases: int) -> None:
    """When crimes are reported, and what becomes of the people who work on them."""
    begin = datetime.combine(first, time(7, 30), LONDON).astimezone(UTC)
    for _ in range(cases):
        years.later(begin, years.random.randrange(1, days), years.crime)
    for day in range(1, days):
        for share, what in (
            (0.3, years.somebody_goes_on_leave),
            (0.1, years.a_supervisor_is_away),
            (0.1, years.somebody_chooses_otherwise),
            (0.012, years.somebody_leaves),
        ):
            if years.often(share):
                years.later(begin, day, what)


def ticks_of(on: date, days: Days, outages: set[date]) -> dict[time, tuple[str, ...]]:
    """When which jobs run on a day; in an outage none does, and after it the first is late."""
    if on in outages:
        return {}
    if on - DAY in outages:
        return LATE_MORNING
    return WORKING_DAY if days.years.wall.works(on) else OTHER_DAY


def nights(first: date, days: int) -> set[date]:
    """The Sundays on which the clocks change."""
    noon = [datetime.combine(first + timedelta(days=n), time(12), LONDON) for n in range(days)]
    return {two.date() for one, two in pairwise(noon) if one.utcoffset() != two.utcoffset()}


def live(force: Force, *, first: date, days: int, cases: int, officers: int) -> Days:
    """So many days; what is compared is compared every minute that something is sent."""
    years = Years(force, officers=officers, seed=7)
    passing = Days(force, years)
    with force.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM outbox")).scalar_one() == 0
    passing.runner.declare()
    passing.day(first, {time(7): MORNING})
    plan(years, first=first, days=days, cases=cases)
    changes = nights(first, days)
    outages = {first + timedelta(days=n) for n in range(50, days, 97)} | {
        first + timedelta(days=n) for n in range(51, days, 291)
    }
    for number in range(1, days):
        on = first + timedelta(days=number)
        if on in changes:
            for hour in (0.5, 1.25, 1.5, 2.25, 3.5):
                passing.tick(datetime.combine(on, time(0), UTC) + timedelta(hours=hour), MORNING)
        passing.day(on, ticks_of(on, passing, outages))
        if number % 28 == 0:
            passing.compare_duties()
    passing.compare_duties()
    check_all(passing, days, len(changes), len(outages))
    return passing


def check_all(passing: Days, days: int, changes: int, outages: int) -> None:
    """Nobody heard twice, and nothing was left lying."""
    wall, years = passing.years.wall, passing.years
    assert len(wall.sent) == len(set(wall.sent))
    with passing.force.database.reading() as connection:
        ended = Counter(connection.execute(select(OUTBOX.c.status).where(OUTBOX.c.told_as.is_not(None))).scalars())
    stuck = sum(slip.state == "stuck" for slips in wall.slips.values() for slip in slips.values())
    assert ended["sent"] == len(wall.sent)
    assert (ended["failed"], ended["waiting"], ended["leased"]) == (stuck, len(wall.waiting), 0)
    holidays = sum(1 for each in wall.calendar.holidays if FIRST <= each < FIRST + timedelta(days=days))
    print(
        f"\n{days} days, {holidays} bank holidays, {changes} clock changes, {outages} days without any job; "
        f"{len(years.cards)} cases, {years.happened} happenings, {len(years.covers)} absences of officers; "
        f"{len(wall.sent)} notices in {passing.told['mails']} mails as the model has them: "
        f"{dict(sorted(passing.told.items()))}; {dict(ended)}"
    )


def test_a_quarter_is_told_of_as_the_model_tells_it(force: Force) -> None:
    passing = live(force, first=date(2026, 3, 2), days=70, cases=40, officers=6)
    assert {-2, 0, 1, 3} <= {key[2] for key in passing.years.wall.sent}


@pytest.mark.slow
def test_two_years_are_told_of_as_the_model_tells_them(force: Force) -> None:
    passing = live(force, first=FIRST, days=730, cases=CASES_IN_TWO_YEARS, officers=16)
    assert {key[2] for key in passing.years.wall.sent} == {at for steps in LADDER.values() for at, _, _ in steps}

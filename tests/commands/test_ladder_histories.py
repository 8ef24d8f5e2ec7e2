"""Histories of duties, people and time, told of by the service and by a slow model: each sends what the other sends.

The due rows are written as the projection would write them: that they are right is tested where they are derived.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, insert, select, update

from tests.commands.ladder_model import LONDON, STEPS, Duty, Team, Wall
from tests.force import MONDAY, Force, a_force
from tests.queries.test_case_lists import keep_lists
from victimcare.commands import deliver_notices as delivery
from victimcare.commands.remind import duties_at_a_step, remind
from victimcare.domain.ladder import Ladder, NoticeHours, Step, Told
from victimcare.domain.people import CaseLists
from victimcare.store.cases import CASES
from victimcare.store.covers import COVERS
from victimcare.store.dues import DUES
from victimcare.store.journeys import EVENTS
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE, TEAMS

_numbers = count(1)
LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)
TOLD: list[int] = []
"""The steps of what was sent in the histories of a run."""
HISTORIES = int(os.environ.get("LADDER_HISTORIES", "2000"))
ROLES = {"o": Told.OFFICER, "s": Told.SUPERVISOR, "n": Told.NEXT_SUPERVISOR}
_STEPS = {
    of: tuple(Step(at, tuple(ROLES[one] for one in to), urgent) for at, to, urgent in steps)
    for of, steps in STEPS.items()
}
LADDER = Ladder(NoticeHours(time(8), time(18)), _STEPS["R6-ARR"], of_rule={"R6-REL": _STEPS["R6-REL"]})
PEOPLE_HERE = ["ash", "birch", "elm", "gorse", "fir", "hazel"]
SUPERVISORS = ["elm", "gorse", "fir", "hazel"]
STARTS = [
    datetime(2026, 3, 25, 7, tzinfo=UTC),
    datetime(2026, 10, 21, 6, tzinfo=UTC),
    datetime(2026, 5, 20, 6, tzinfo=UTC),
]
NAMES = st.sampled_from("012345")
DUTIES = st.tuples(st.sampled_from(["first", "second"]), st.sampled_from(sorted(STEPS)), st.integers(-4, 6))
ONE = st.sampled_from(PEOPLE_HERE)


World = tuple[Force, dict[str, int]]


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Two cases without duties and six people, in a database that every history leaves as it found it."""
    force = a_force(database_url)
    cases = {
        name: force.record_crime(ref=name, at=LONG_AGO, officer_of_open_case="ash")[0].id
        for name in ("first", "second")
    }
    with force.database.writing() as connection:
        for name, team in (("gorse", "luton"), ("hazel", "bedford")):
            connection.execute(insert(PEOPLE).values(id=name, name=name, role="supervisor", team_id=team))
        connection.execute(update(PEOPLE).values(email=PEOPLE.c.id + "@example.invalid", each_notice_alone=False))
        connection.execute(update(TEAMS).values(inbox="inbox@example.invalid"))
        connection.execute(delete(DUES))
    yield force, cases
    force.database.close()


class Histories(RuleBasedStateMachine):
    """One history: what happens to duties and people, and when the jobs run."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.force, self.cases = world
        self.connection = self.force.database.engine.connect()
        self.transaction = self.connection.begin()
        teams = {"luton": Team("elm", "fir"), "bedford": Team("fir", None)}
        team_of = {
            "ash": "luton",
            "birch": "luton",
            "elm": "luton",
            "gorse": "luton",
            "fir": "bedford",
            "hazel": "bedford",
        }
        self.wall = Wall(self.force.law.calendar, team_of, SUPERVISORS, teams, dict.fromkeys(self.cases, "ash"))
        self.now = self.reached = self.reached_urgent = STARTS[0]
        self.refs = {row.id: row.ref for row in self.connection.execute(select(CASES.c.id, CASES.c.ref))}

    def teardown(self) -> None:
        TOLD.extend(key[2] for key in self.wall.sent)
        self.transaction.rollback()
        self.connection.close()

    @initialize(start=st.sampled_from(STARTS), duties=st.lists(DUTIES, min_size=2, max_size=4))
    def begin(self, start: datetime, duties: list[tuple[str, str, int]]) -> None:
        self.now = self.reached = self.reached_urgent = start
        for number, (case, of, days) in enumerate(duties):
            self.becomes_known(str(number), case, of, days)

    # What happens

    @rule(minutes=st.integers(1, 60 * 30))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(days=st.integers(1, 3))
    def it_is_seven_in_the_morning(self, days: int) -> None:
        day = self.now.astimezone(LONDON).date() + timedelta(days=days)
        self.now = datetime.combine(day, time(7), LONDON).astimezone(UTC)
        self.the_morning_job_runs()

    @rule()
    def it_is_seven_and_then_eight(self) -> None:
        self.it_is_seven_in_the_morning(1)
        self.an_hour_later_what_waits_is_sent()

    @rule()
    def an_hour_later_what_waits_is_sent(self) -> None:
        self.now += timedelta(hours=1)
        self.what_waits_is_sent()

    @rule(
        name=NAMES,
        case=st.sampled_from(["first", "second"]),
        of=st.sampled_from(sorted(STEPS)),
        days=st.integers(-9, 9),
    )
    def a_duty_becomes_known(self, name: str, case: str, of: str, days: int) -> None:
        self.becomes_known(name, case, of, days)

    @rule(name=NAMES, how=st.sampled_from(["ends", "opens", "sooner", "later"]), days=st.integers(1, 5))
    def a_duty_changes(self, name: str, how: str, days: int) -> None:
        duty = self.wall.duties.get(name)
        if duty is None:
            return
        if how in ("ends", "opens"):
            duty.open = how == "opens"
        else:
            duty.due_on += timedelta(days=days if how == "later" else -days)
        duty.changed_at = self.now
        self.project(name)

    @rule(case=st.sampled_from(["first", "second"]), to=st.sampled_from(["ash", "birch"]))
    def a_case_is_handed_over(self, case: str, to: str) -> None:
        self.wall.holder[case] = to
        for name, duty in self.wall.duties.items():
            if duty.case == case:
                duty.changed_at = self.now
                self.project(name)

    @rule(who=ONE)
    def somebody_goes_or_comes_back(self, who: str) -> None:
        self.wall.away ^= {who}
        away = self.now.date() - timedelta(days=1) if who in self.wall.away else None
        self.connection.execute(update(PEOPLE).where(PEOPLE.c.id == who).values(absent_from_on=away))

    @rule(by=st.none() | st.sampled_from(["birch", "elm"]))
    def somebody_covers_for_ash_or_nobody(self, by: str | None) -> None:
        self.connection.execute(delete(COVERS))
        self.wall.cover = {"ash": by} if by else {}
        if by:
            days = {"from_on": date(2026, 1, 1), "until_on": date(2027, 12, 1)}
            self.connection.execute(
                insert(COVERS).values(officer_id="ash", cover_id=by, **days, named_by="elm", named_at=MONDAY)
            )

    @rule(case=st.sampled_from(["first", "second"]), who=st.sets(ONE, max_size=5), restricted=st.booleans())
    def lists_keep_people_from_a_case(self, case: str, who: set[str], restricted: bool) -> None:
        others = frozenset(PEOPLE_HERE) - who
        lists = CaseLists(restricted_to=others) if restricted else CaseLists(frozenset(who))
        keep_lists(self.connection, self.cases[case], lists)
        self.wall.kept_out[case] = who
        (self.wall.listed.add if restricted or who else self.wall.listed.discard)(case)

    @rule(who=ONE)
    def somebody_chooses_otherwise(self, who: str) -> None:
        self.wall.alone ^= {who}
        values = {"each_notice_alone": who in self.wall.alone}
        self.connection.execute(update(PEOPLE).where(PEOPLE.c.id == who).values(**values))

    # What the jobs do

    @rule()
    def the_morning_job_runs(self) -> None:
        self.wall.write_slips(self.now, self.reached)
        self.told_of_steps(self.reached, urgent_only=False)
        self.reached = self.now

    @rule()
    def the_urgent_job_runs(self) -> None:
        self.wall.write_slips(self.now, self.reached_urgent, urgent_only=True)
        self.told_of_steps(self.reached_urgent, urgent_only=True)
        self.reached_urgent = self.now

    @rule()
    def what_waits_is_sent(self) -> None:
        before = self.sent()
        while items := delivery.lease_notices(self.connection, now=self.now, limit=3):
            for item in items:
                how: dict[str, Any] = {"law": self.force.law, "now": self.now}
                if delivery.begin_sending(self.connection, item=item, ladder=LADDER, **how) is not None:
                    delivery.record_result(self.connection, item=item, trouble=None, **how)
        after = self.sent()
        assert before <= after
        assert sorted(after - before, key=repr) == sorted((key for key, _ in self.wall.send(self.now)), key=repr)

    @invariant()
    def nobody_hears_twice_or_of_what_they_are_kept_from_at_that_moment(self) -> None:
        assert len(self.wall.sent) == len(set(self.wall.sent))

    # How it gets into the database

    def becomes_known(self, name: str, case: str, of: str, days: int) -> None:
        if name not in self.wall.duties:
            due_on = self.now.date() + timedelta(days=days)
            self.wall.duties[name] = Duty(case, of, due_on, True, self.now)
            self.project(name)

    def told_of_steps(self, reached_at: datetime, *, urgent_only: bool) -> None:
        how: dict[str, Any] = {"now": self.now, "calendar": self.force.law.calendar, "ladder": LADDER}
        duties = duties_at_a_step(
            self.connection, reached_at=reached_at, own_agency="police", urgent_only=urgent_only, **how
        )
        remind(self.connection, duties=duties, **how)

    def project(self, name: str) -> None:
        """The due row, and an event that changed it. Of a case with news the service looks at every duty."""
        duty = self.wall.duties[name]
        for other in self.wall.duties.values():
            if other.case == duty.case:
                other.changed_at = self.now
        holder = self.wall.holder[duty.case]
        key = {"case_id": self.cases[duty.case], "rule": duty.rule, "start_key": name}
        named = (DUES.c.case_id == key["case_id"]) & (DUES.c.rule == duty.rule) & (DUES.c.start_key == name)
        self.connection.execute(delete(DUES).where(named))
        ended = None if duty.open else self.now.date()
        fixed = {
            "edition": "2021-04-01",
            "right_number": 6,
            "owed_by": "police",
            "owed_to": "victim",
            "tier": "standard",
        }
        fixed |= {"area": "Luton", "crime_type": "Burglary", "counting": "counted", "outcome": "open"}
        days = {"due_on": duty.due_on, "reported_on": duty.due_on, "known_on": duty.due_on, "ended_on": ended}
        whose = {"officer_id": holder, "team_id": "luton", "holder_id": holder, "holder_team_id": "luton"}
        row = {**key, **fixed, **days, **whose, "reported_month": f"{duty.due_on:%Y-%m}"}
        self.connection.execute(insert(DUES).values(**row))
        event = {"key": f"x{next(_numbers)}", "kind": "vps_offered", "happened_on": self.now.date(), "precision": "day"}
        who = {"recorded_at": self.now, "recorded_by": "system", "case_id": key["case_id"]}
        self.connection.execute(insert(EVENTS).values(**event, **who))

    def sent(self) -> set[tuple[str, date, int, str | None]]:
        asked = select(OUTBOX).where(OUTBOX.c.told_as.is_not(None), OUTBOX.c.status == "sent")
        ages = {step.code: step.at for steps in _STEPS.values() for step in steps}
        rows = self.connection.execute(asked)
        return {(row.start_key, row.due_on, ages[row.step], row.recipient_id) for row in rows}


def run(histories: int, world: World) -> None:
    TOLD.clear()
    checks = list(HealthCheck)
    quick = settings(max_examples=histories, stateful_step_count=30, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(partial(Histories, world), settings=quick)  # type: ignore[arg-type]
    print(f"{histories} histories, {len(TOLD)} notices: {sorted(Counter(TOLD).items())}")


def test_a_few_histories_are_told_as_the_model_tells_them(world: World) -> None:
    run(15, world)
    assert len(set(TOLD)) > 2, "they reach several steps"


@pytest.mark.slow
def test_two_thousand_histories_are_told_as_the_model_tells_them(world: World) -> None:
    run(HISTORIES, world)
    assert set(TOLD) == {at for steps in STEPS.values() for at, _, _ in steps}, "they reach every step"

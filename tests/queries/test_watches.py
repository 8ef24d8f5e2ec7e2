"""What the force's own watches found stands on the officer's day and, once it is late, on the team's page."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.force import Force, a_force
from tests.outbox import case_of_an_arrest, eight
from tests.plans import planned
from tests.watched import SITUATIONS, Situation
from victimcare.domain.lateness import SOON
from victimcare.domain.people import Person
from victimcare.domain.watches import STOOD_AT, Watch
from victimcare.editions.escalation import published_ladder
from victimcare.queries.watches import LISTED, WatchedCases, watched_by, watched_late_in_team

ONE_DAY = timedelta(days=1)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def listed(force: Force, person: Person, today: date, *, team: bool = False) -> WatchedCases:
    how: dict[str, Any] = {"today": today, "calendar": force.law.calendar, "ladder": published_ladder()}
    with force.database.reading() as connection:
        return (watched_late_in_team if team else watched_by)(connection, person=person, **how)


def days_listed(found: WatchedCases, watch: Watch) -> list[tuple[date, int]]:
    return [(row.due_on, row.working_days_late) for row in found.rows if row.watch is watch]


def test_a_page_looks_along_what_is_its_readers_and_not_along_the_whole_force(sqlite_url: str) -> None:
    force = a_force(sqlite_url)
    how: dict[str, Any] = {"today": date(2026, 7, 13), "calendar": force.law.calendar, "ladder": published_ladder()}
    with planned(force.database) as plans, force.database.reading() as connection:
        (day,) = plans(connection, lambda c: watched_by(c, person=force.ash, **how))
        (team,) = plans(connection, lambda c: watched_late_in_team(c, person=force.elm, **how))
    force.database.close()
    bounds = "stage=? AND stands_since_on>? AND stands_since_on<?"
    for plan, whose in ((day, "officer"), (team, "team")):
        assert plan.count(f"ix_victim_case_stands_{whose} ({whose}_id=? AND {bounds})") == len(STOOD_AT)
        assert "ix_victim_case_stands (" not in plan
        assert "SCAN victim_case" not in plan


@pytest.mark.parametrize(
    "situation", [one for one in SITUATIONS if one.watch in LISTED], ids=lambda one: one.watch.value
)
def test_it_stands_there_from_five_working_days_before_its_day_until_it_is_done(
    force: Force, situation: Situation
) -> None:
    case, _ = case_of_an_arrest(force)
    situation.begin(force, case.case.ref)
    due_on, calendar = situation.due_on, force.law.calendar
    month = (due_on - days * ONE_DAY for days in range(30, 0, -1))
    before = next(day for day in month if calendar.add_working_days(day, SOON) >= due_on)
    after = calendar.working_day_from(due_on, 1)
    assert days_listed(listed(force, force.ash, before - ONE_DAY), situation.watch) == []
    assert days_listed(listed(force, force.ash, before), situation.watch) == [(due_on, 0)]
    assert days_listed(listed(force, force.ash, after), situation.watch) == [(due_on, 1)]
    assert days_listed(listed(force, force.birch, after), situation.watch) == []
    assert days_listed(listed(force, force.elm, due_on, team=True), situation.watch) == []
    assert days_listed(listed(force, force.elm, due_on + ONE_DAY, team=True), situation.watch) in (
        [(due_on, 0)],
        [(due_on, 1)],
    )
    assert days_listed(listed(force, force.fir, after, team=True), situation.watch) == []
    situation.end(force, case.case.ref, eight(before))
    assert days_listed(listed(force, force.ash, after), situation.watch) == []
    assert days_listed(listed(force, force.elm, after, team=True), situation.watch) == []

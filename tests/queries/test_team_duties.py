"""The figures of a team and the lists behind them, against reading every duty of generated worlds one by one."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import product

import pytest
from sqlalchemy import case, select, update

from tests.force import Force, a_force
from tests.plans import planned
from tests.queries.worlds import LAW, random_journeys, store
from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.entitlements import Counting, Entitlement, assess
from victimcare.domain.journey import Journey
from victimcare.domain.lateness import AGES, When, due_between
from victimcare.editions.workload import published_weights
from victimcare.queries.forecast import DAYS_AHEAD, forecast
from victimcare.queries.officer_loads import OfficerLoad
from victimcare.queries.team import TeamPage, team_page
from victimcare.queries.team_duties import OTHERS, DutyFilter, team_duties
from victimcare.store import staff
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES

WEIGHTS = published_weights()
OFFICERS = ("ash", "birch")
Owed = tuple[str, Entitlement]


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def a_world(force: Force, seed: int) -> list[Owed]:
    """Cases of two officers in turn: every open duty with a day, and who holds it."""
    journeys = random_journeys(seed, 50)
    store(force.database, journeys)
    second = CASES.c.id % 2 == 1
    with force.database.writing() as connection:
        connection.execute(update(CASES).values(officer_id=case((second, "birch"), else_="ash")))
        odd = DUES.c.case_id % 2 == 1
        connection.execute(update(DUES).values(holder_id=case((odd, "birch"), else_="ash")))
        holders = dict(connection.execute(select(CASES.c.ref, CASES.c.officer_id)).all())
    return [(holders[each.case_ref], owed) for each in journeys for owed in open_duties(each)]


def open_duties(journey: Journey) -> list[Entitlement]:
    owed = assess(journey, LAW.code, LAW.calendar)
    return [each for each in owed if each.counting is Counting.COUNTED and each.ended_on is None and each.due_on]


def days_in(world: list[Owed]) -> list[date]:
    """Days on which much is overdue, due today and due soon: those in the middle of all due days."""
    due = sorted(owed.due_on for _, owed in world if owed.due_on)
    return [due[len(due) * part // 4] for part in (2, 3)]


TODAY = date(2026, 6, 15)


def figures(force: Force, today: date) -> TeamPage:
    with force.database.reading() as connection:
        return team_page(connection, person=force.elm, today=today, law=LAW, weights=WEIGHTS)


def listed(force: Force, wanted: DutyFilter, today: date) -> int:
    """How many duties the list has, page after page; its total says the same."""
    with force.database.reading() as connection:
        page, seen = 1, []
        while True:
            found = team_duties(connection, person=force.elm, wanted=wanted, today=today, law=LAW, page=page, size=40)
            seen += [(duty.case_id, duty.rule, duty.start_key) for duty in found.duties]
            if len(seen) >= found.total or not found.duties:
                break
            page += 1
    assert len(set(seen)) == len(seen) == found.total
    return found.total


@pytest.mark.parametrize("seed", [1, 9])
def test_the_days_ahead_are_what_a_person_would_count_and_their_totals_reconcile(force: Force, seed: int) -> None:
    world = a_world(force, seed)
    expected = a_world_expects(force)
    for today in days_in(world):
        with force.database.reading() as connection:
            ahead = forecast(connection, person=force.elm, today=today, law=LAW, weights=WEIGHTS)
        assert len(ahead.days) == DAYS_AHEAD
        for officer in ahead.officers:
            who = officer.load.officer_id
            for day, cell in zip(ahead.days, officer.cells, strict=True):
                own = [owed for holder, owed in world if holder == who and owed.owed_by == OWN_AGENCY]
                counted = sum(1 for owed in own if owed.due_on and day.first <= owed.due_on <= day.last)
                of_day = DutyFilter(None, OWN_AGENCY, who, between=(day.first, day.last))
                assert cell.duties == counted == listed(force, of_day, today)
                assert cell.expected == sum(
                    1 for holder, on in expected if holder == who and day.first <= on <= day.last
                )
        assert ahead.duties == sum(cell.duties for cell in ahead.by_day)
        assert ahead.expected == sum(cell.expected for cell in ahead.by_day) == len(ahead.hearings)
        whole = DutyFilter(None, OWN_AGENCY, between=(ahead.days[0].first, ahead.days[-1].last))
        assert ahead.duties == listed(force, whole, today) > 0


def a_world_expects(force: Force) -> list[tuple[str, date]]:
    expected = (DUES.c.counting == "expected") & DUES.c.ended_on.is_(None) & DUES.c.due_on.is_not(None)
    with force.database.reading() as connection:
        return [(row.holder_id, row.due_on) for row in connection.execute(select(DUES).where(expected))]


def is_due(when: When, today: date) -> Callable[[Entitlement], bool]:
    first, last = due_between(when, today, LAW.calendar)
    return lambda owed: owed.due_on is not None and first <= owed.due_on <= last


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_is_what_a_person_would_count_and_as_long_as_its_list(force: Force, seed: int) -> None:
    world = a_world(force, seed)
    for today in days_in(world):
        page = figures(force, today)
        own = [(who, owed) for who, owed in world if owed.owed_by == OWN_AGENCY]
        for when, name in ((When.OVERDUE, "overdue"), (When.TODAY, "due_today"), (When.SOON, "due_soon")):
            due = is_due(when, today)
            for load in page.officers:
                of_officer = DutyFilter(when, OWN_AGENCY, load.officer_id)
                counted = sum(1 for who, owed in own if who == load.officer_id and due(owed))
                assert getattr(load, name) == counted == listed(force, of_officer, today)
            for line in page.rights:
                of_right = DutyFilter(when, OWN_AGENCY, right=int(line.key))
                counted = sum(1 for _, owed in own if str(owed.rule.right) == line.key and due(owed))
                assert getattr(line, name) == counted == listed(force, of_right, today)
            for line in page.agencies:
                counted = sum(1 for _, owed in world if owed.owed_by == line.key and due(owed))
                assert getattr(line, name) == counted == listed(force, DutyFilter(when, line.key), today)
            total = sum(1 for _, owed in own if due(owed))
            assert getattr(page, f"{name}_total") == total == listed(force, DutyFilter(when, OWN_AGENCY), today)
            assert sum(getattr(line, name) for line in page.rights) == total
            assert sum(getattr(load, name) for load in page.officers) == total
        late_by_others = is_due(When.OVERDUE, today)
        others = sum(1 for _, owed in world if owed.owed_by != OWN_AGENCY and late_by_others(owed))
        assert page.others_overdue_total == others == listed(force, DutyFilter(When.OVERDUE, OTHERS), today)


@pytest.mark.parametrize("seed", [1, 4])
def test_how_long_it_has_been_overdue_sums_to_all_that_is_overdue(force: Force, seed: int) -> None:
    world = a_world(force, seed)
    for today in days_in(world):
        page = figures(force, today)
        for age, line in zip(AGES, page.ages, strict=True):
            late = [
                LAW.calendar.working_days_between(owed.due_on, today)
                for _, owed in world
                if owed.owed_by == OWN_AGENCY and owed.due_on is not None and owed.due_on < today
            ]
            counted = sum(1 for days in late if age.least <= days and (age.most is None or days <= age.most))
            assert line.overdue == counted == listed(force, DutyFilter(When.OVERDUE, OWN_AGENCY, age=age), today)
        assert sum(line.overdue for line in page.ages) == page.overdue_total == len(late)


@pytest.mark.parametrize("seed", [1, 5])
def test_a_workload_is_the_sum_of_the_weights_of_what_is_open(force: Force, seed: int) -> None:
    world = a_world(force, seed)
    page = figures(force, TODAY)
    weighed = dict.fromkeys(OFFICERS, 0)
    for who, owed in world:
        weighed[who] += WEIGHTS.of_duty(owed_by=owed.owed_by, tier=owed.tier.tier, rule=owed.rule.id)
    assert {load.officer_id: load.points for load in page.officers} == weighed
    with force.database.reading() as connection:
        candidates = staff.candidates(connection, today=TODAY, weights=WEIGHTS)
    for_allocation = {one.officer_id: one.workload for one in candidates if one.officer_id in OFFICERS}
    assert for_allocation == {load.officer_id: pytest.approx(load.workload) for load in page.officers}
    assert all(load.points for load in page.officers)


def test_open_work_is_read_from_indexes_alone(sqlite_force: Force) -> None:
    a_world(sqlite_force, 2)
    with planned(sqlite_force.database) as plans, sqlite_force.database.reading() as connection:
        (plan,) = plans(connection, lambda c: staff.candidates(c, today=TODAY, weights=WEIGHTS))
    assert "COVERING INDEX ix_due_holder" in plan
    assert "ix_assignment_not_taken_over" in plan
    assert "SCAN victim_case" not in plan


def test_two_filters_narrow_more_than_one_and_none_shows_all(force: Force) -> None:
    world = a_world(force, 6)
    today = TODAY
    assert listed(force, DutyFilter(), today) == len(world)
    both = 0
    for when, officer in product(When, OFFICERS):
        both += listed(force, DutyFilter(when, officer_id=officer), today)
    assert both == len(world)


def test_a_page_out_of_range_is_the_nearest_that_there_is(force: Force) -> None:
    total = len(a_world(force, 7))
    with force.database.reading() as connection:
        pages = {
            page: team_duties(
                connection, person=force.elm, wanted=DutyFilter(), today=TODAY, law=LAW, page=page, size=7
            ).duties
            for page in (-3, 1, 10_000)
        }
    assert pages[-3] == pages[1]
    assert (len(pages[1]), len(pages[10_000])) == (7, total % 7 or 7)
    assert pages[10_000] != pages[1]


def test_another_teams_supervisor_is_shown_nothing_of_it(force: Force) -> None:
    a_world(force, 8)
    with force.database.reading() as connection:
        page = team_page(connection, person=force.fir, today=TODAY, law=LAW, weights=WEIGHTS)
        found = team_duties(connection, person=force.fir, wanted=DutyFilter(), today=TODAY, law=LAW)
    assert (found.total, page.overdue_total, sum(map(open_of, page.officers))) == (0, 0, 0)


def open_of(load: OfficerLoad) -> int:
    return load.open_cases + load.overdue + load.due_today + load.due_soon + load.points

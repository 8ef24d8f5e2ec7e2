"""An officer's day: each open duty of the cases that they hold, once, in the right list, at a steady cost."""

from datetime import UTC, date, datetime

import pytest

from tests.builders import event
from tests.force import MONDAY, VAULT, Force
from tests.plans import planned
from tests.queries.caseload import open_cases, statements_of
from victimcare.commands.reassign_cases import reassign_cases
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed
from victimcare.domain.people import Person
from victimcare.queries.worklist import Worklist, worklist
from victimcare.store.staff import SYSTEM

# Reported on Monday 18 May 2026: R4-REF is due on the 20th, R3-WRIT, R3-INFO and R3-RJ on the 26th (a bank holiday
# on the 25th).
REFERRAL, REST = {"R4-REF"}, {"R3-WRIT", "R3-INFO", "R3-RJ"}


def day_of(force: Force, person: Person, today: date, limit: int = 20) -> Worklist:
    with force.database.reading() as connection:
        return worklist(connection, person=person, today=today, law=force.law, limit=limit)


def rules(day: Worklist) -> list[set[str]]:
    lists = (day.overdue, day.due_today, day.due_soon)
    assert [len(each.rows) for each in lists] == [each.total for each in lists]
    return [{row.rule for row in each.rows} for each in lists]


@pytest.mark.parametrize(
    ("today", "overdue", "due_today", "due_soon"),
    [
        ("2026-05-15", set(), set(), REFERRAL),  # five working days on is Friday the 22nd
        ("2026-05-18", set(), set(), REFERRAL | REST),
        ("2026-05-19", set(), set(), REFERRAL | REST),
        ("2026-05-20", set(), REFERRAL, REST),
        ("2026-05-21", REFERRAL, set(), REST),
        ("2026-05-26", REFERRAL, REST, set()),
        ("2026-05-27", REFERRAL | REST, set(), set()),
    ],
)
def test_a_duty_is_in_the_list_of_its_day(
    force: Force, today: str, overdue: set[str], due_today: set[str], due_soon: set[str]
) -> None:
    open_cases(force, ["Wren Sample"])
    assert rules(day_of(force, force.ash, date.fromisoformat(today))) == [overdue, due_today, due_soon]


def test_a_case_of_the_day_before_is_not_soon_until_five_working_days_before(force: Force) -> None:
    open_cases(force, ["Wren Sample"], reported=date(2026, 5, 25))
    assert rules(day_of(force, force.ash, date(2026, 5, 22)))[2] == REFERRAL | REST
    assert rules(day_of(force, force.ash, date(2026, 5, 20)))[2] == REFERRAL


def test_the_oldest_comes_first_with_how_late_it_is_in_working_days(force: Force) -> None:
    open_cases(force, ["Younger"], reported=date(2026, 5, 19))
    open_cases(force, ["Older"], reported=date(2026, 5, 18))
    rows = day_of(force, force.ash, date(2026, 5, 28)).overdue.rows
    assert [(row.victim_name, row.due_on.day, row.working_days_late) for row in rows] == [
        ("Older", 20, 5),
        ("Younger", 21, 4),
        *[("Older", 26, 2)] * 3,
        *[("Younger", 27, 1)] * 3,
    ]


def test_a_long_list_says_how_many_there_are_in_all(force: Force) -> None:
    open_cases(force, [f"Sample {number}" for number in range(12)])
    day = day_of(force, force.ash, date(2026, 6, 1), limit=20)
    assert (len(day.overdue.rows), day.overdue.total, day.open_cases) == (20, 48, 12)
    assert set(day.case_ids) == {row.case_id for row in day.overdue.rows}


def test_what_has_ended_is_in_no_list(force: Force) -> None:
    case = force.record_crime()[0]
    reported = case.case.journey.events[0].key
    duties = [DutyNamed(rule, reported) for rule in sorted(REST)]
    force.record(case.case.ref, EventKind.DUTY_NOT_APPLICABLE, MONDAY, by=force.ash, duties=duties, reason="other")
    assert rules(day_of(force, force.ash, date(2026, 7, 1))) == [REFERRAL, set(), set()]


def test_what_nobody_can_prove_is_in_no_list(force: Force) -> None:
    """Published data name a month: nobody is late by it."""

    def charged(key: str) -> list[object]:
        return [event("suspect_charged", "2026-04", recorded="2026-05-18", key=f"{key}-charged", subject=None)]

    open_cases(force, ["Wren Sample"], more=charged)  # type: ignore[arg-type]
    assert rules(day_of(force, force.ash, date(2026, 7, 1))) == [REFERRAL | REST, set(), set()]


def test_a_case_that_was_handed_over_is_the_new_officers_work(force: Force) -> None:
    case = force.record_crime(officer_of_open_case="ash")[0]
    with force.database.writing() as connection:
        reassign_cases(
            connection,
            refs=[case.case.ref],
            to_officer_id="birch",
            why="leave",
            by=force.elm,
            now=MONDAY,
            law=force.law,
            vault=VAULT,
        )
    days = [day_of(force, person, date(2026, 6, 1)) for person in (force.ash, force.birch)]
    assert [(day.overdue.total, day.open_cases) for day in days] == [(0, 0), (4, 1)]


def test_a_supervisor_sees_here_only_what_they_hold_themselves(force: Force) -> None:
    open_cases(force, ["Of Ash"])
    open_cases(force, ["Held"], officer="elm", held=True)
    day = day_of(force, force.elm, date(2026, 6, 1))
    assert ({row.victim_name for row in day.overdue.rows}, day.open_cases) == ({"Held"}, 1)


def test_a_closed_case_still_owes_what_it_owes(force: Force) -> None:
    case = force.record_crime()[0]
    force.record(case.case.ref, EventKind.CASE_CLOSED, MONDAY, by=force.ash)
    day = day_of(force, force.ash, date(2026, 6, 1))
    assert (day.overdue.total, day.open_cases) == (4, 0)


def test_what_others_owe_waits_and_what_a_court_should_have_sent_is_expected(force: Force) -> None:
    case = force.record_crime(at=datetime(2026, 3, 2, 9, tzinfo=UTC))[0]
    listed = {"hearing_on": date(2026, 5, 20), "hearing_type": "trial"}
    force.record(case.case.ref, EventKind.HEARING_LISTED, MONDAY, received=MONDAY, subject="Hearing 1", **listed)
    on_the_day = day_of(force, force.ash, date(2026, 5, 20)).waiting
    afterwards = day_of(force, force.ash, date(2026, 5, 21)).waiting
    assert {row.expected for row in on_the_day.rows} == {False}
    assert {row.expected for row in afterwards.rows} == {False, True}
    assert all(row.owed_by != "police" for row in afterwards.rows)
    assert afterwards.total == len(afterwards.rows) > on_the_day.total
    assert {row.working_days_late for row in afterwards.rows if row.expected} == {0}, "expected is never late"


def test_it_costs_the_same_statements_for_one_case_and_for_many(force: Force) -> None:
    open_cases(force, ["Wren Sample"])
    with statements_of(force.database) as few:
        day_of(force, force.ash, date(2026, 6, 1))
    open_cases(force, [f"Sample {number}" for number in range(30)])
    with statements_of(force.database) as many:
        assert day_of(force, force.ash, date(2026, 6, 1)).overdue.total == 124
    assert len(few) == len(many) <= 12


def test_it_looks_along_the_indexes_of_open_duties(sqlite_force: Force) -> None:
    force = sqlite_force
    open_cases(force, [f"Sample {number}" for number in range(5)])
    with planned(force.database) as plans, force.database.reading() as connection:
        found = plans(connection, lambda c: worklist(c, person=force.ash, today=date(2026, 6, 1), law=force.law))
    (of_duties,) = [plan for plan in found if " due" in plan]
    assert "ix_due_holder" in of_duties
    assert "ix_due_expected" in of_duties
    assert not [plan for plan in found if "SCAN due" in plan or "SCAN victim" in plan]


def test_the_programs_own_account_holds_no_cases(force: Force) -> None:
    open_cases(force, ["Wren Sample"])
    assert day_of(force, SYSTEM, date(2026, 6, 1)).case_ids == ()

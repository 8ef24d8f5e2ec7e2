"""The supervisor's page: every overdue duty of the team once, and figures that add up."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from tests.force import Force
from tests.plans import planned
from tests.queries.caseload import noon, open_cases, statements_of
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.people import Person
from victimcare.editions.workload import published_weights
from victimcare.queries.hand_over_choice import HandOverChoice, hand_over_choice
from victimcare.queries.questions import questions_in_team
from victimcare.queries.second_person import waiting_for_second
from victimcare.queries.team import TeamPage, team_page

TODAY = date(2026, 5, 26)
"""Of a case reported on 18 May R4-REF is overdue today, and the three duties of Right 3 are due today."""


WEIGHTS = published_weights()


def team_of(force: Force, person: Person) -> TeamPage:
    with force.database.reading() as connection:
        return team_page(connection, person=person, today=TODAY, law=force.law, weights=WEIGHTS)


def choice_of(force: Force, person: Person, *, limit: int = 100, of_officer: str = "") -> HandOverChoice:
    how: dict[str, Any] = {"today": TODAY, "law": force.law, "weights": WEIGHTS, "of_officer": of_officer}
    with force.database.reading() as connection:
        return hand_over_choice(connection, person=person, limit=limit, **how)


@pytest.fixture
def lists(force: Force) -> TeamPage:
    """Three cases of ash, two of birch, one held by the supervisor; one of another team."""
    open_cases(force, ["One", "Two"], reported=date(2026, 5, 18))
    open_cases(force, ["Oldest"], reported=date(2026, 5, 11))
    open_cases(force, ["Three", "Four"], officer="birch", reported=date(2026, 5, 18))
    open_cases(force, ["Held"], officer="elm", reported=date(2026, 5, 20), held=True)
    open_cases(force, ["Elsewhere"], officer="cedar", reported=date(2026, 5, 4))
    return team_of(force, force.elm)


def test_each_officer_has_their_own_figures_who_is_furthest_behind_first(lists: TeamPage) -> None:
    figures = [(load.name, load.open_cases, load.overdue, load.due_today, load.due_soon) for load in lists.officers]
    assert figures == [
        ("Ash Example", 3, 6, 6, 0),
        ("Birch Example", 2, 2, 6, 0),
        ("Elm Example", 1, 1, 0, 3),
    ]
    assert [round(load.workload, 2) for load in lists.officers] == [0.12, 0.08, 0.04]


def test_by_officer_right_agency_age_and_case_it_is_the_same_number(force: Force, lists: TeamPage) -> None:
    assert lists.overdue_total == choice_of(force, force.elm).overdue_shown == 9
    assert sum(load.overdue for load in lists.officers) == sum(age.overdue for age in lists.ages) == 9
    assert [(right.key, right.overdue, right.due_today, right.oldest_due_on) for right in lists.rights] == [
        ("3", 3, 12, date(2026, 5, 18)),
        ("4", 6, 0, date(2026, 5, 13)),
    ]
    assert [(line.key, line.overdue) for line in lists.agencies] == [("police", 9)]
    assert [(age.code, age.overdue) for age in lists.ages if age.overdue] == [("0-5", 8), ("6-10", 1)]


def test_the_case_that_is_overdue_longest_comes_first(force: Force, lists: TeamPage) -> None:
    listed = choice_of(force, force.elm).overdue
    shown = [(case.officer_name, case.oldest.victim_name, len(case.duties)) for case in listed]
    assert shown == [
        ("Ash Example", "Oldest", 4),
        ("Ash Example", "One", 1),
        ("Ash Example", "Two", 1),
        ("Birch Example", "Three", 1),
        ("Birch Example", "Four", 1),
        ("Elm Example", "Held", 1),
    ]


def test_a_long_list_says_how_many_there_are_in_all(force: Force, lists: TeamPage) -> None:
    few = choice_of(force, force.elm, limit=2)
    assert (few.overdue_shown, few.overdue_total) == (2, 9)


def test_who_left_the_team_or_the_force_is_listed_while_they_hold_its_cases(force: Force, lists: TeamPage) -> None:
    with force.database.writing() as connection:
        connection.execute(text("UPDATE person SET team_id = 'bedford' WHERE id = 'ash'"))
        connection.execute(text("UPDATE person SET active = false WHERE id = 'birch'"))
    page = team_of(force, force.elm)
    assert [(load.officer_id, load.can_take_cases) for load in page.officers] == [
        ("ash", False),
        ("birch", False),
        ("elm", False),
    ]
    assert sum(load.overdue for load in page.officers) == page.overdue_total == 9
    assert {case.officer_name for case in choice_of(force, force.elm).overdue} == {
        "Ash Example",
        "Birch Example",
        "Elm Example",
    }


def test_held_cases_are_listed_until_they_are_closed(force: Force, lists: TeamPage) -> None:
    (held,) = choice_of(force, force.elm).held
    assert (lists.held_total, held.victim_name, held.officer_name) == (1, "Held", "Elm Example")
    force.record(held.ref, EventKind.CASE_CLOSED, noon("2026-05-26"), by=force.elm)
    assert (team_of(force, force.elm).held_total, choice_of(force, force.elm).held) == (0, ())


def test_each_team_has_its_own(force: Force, lists: TeamPage) -> None:
    listed = choice_of(force, force.fir).overdue
    assert [case.oldest.victim_name for case in listed] == ["Elsewhere"]
    assert team_of(force, force.fir).team_name == "Bedford A"


def test_of_an_officer_the_whole_caseload_is_to_choose_from_oldest_first(force: Force, lists: TeamPage) -> None:
    choice = choice_of(force, force.elm, of_officer="ash")
    assert [case.victim_name for case in choice.caseload] == ["Oldest", "One", "Two"]
    assert choice.of_officer is not None
    assert choice.of_officer.open_cases == len(choice.caseload)
    assert (choice.held, choice.overdue) == ((), ())
    for nobody_here in ("cedar", "nobody"):
        other = choice_of(force, force.elm, of_officer=nobody_here)
        assert (other.of_officer, other.caseload, len(other.overdue)) == (None, (), 6)


def test_only_who_is_there_today_can_be_chosen_who_has_least_to_do_first(force: Force, lists: TeamPage) -> None:
    def choice() -> list[tuple[str, str]]:
        return [(load.officer_id, load.in_words) for load in choice_of(force, force.elm).takers]

    assert choice() == [("birch", "Birch Example (workload 8%)"), ("ash", "Ash Example (workload 12%)")]
    for absence, chosen in (
        ("absent_from_on = '2026-05-26', absent_until_on = NULL", ["ash"]),
        ("absent_from_on = '2026-05-20', absent_until_on = '2026-05-26'", ["birch", "ash"]),
        ("absent_from_on = '2026-05-27', absent_until_on = NULL", ["birch", "ash"]),
        ("active = false", ["ash"]),
    ):
        with force.database.writing() as connection:
            connection.execute(text(f"UPDATE person SET {absence} WHERE id = 'birch'"))
        assert [officer_id for officer_id, _ in choice()] == chosen


def test_it_costs_the_same_statements_for_few_cases_and_for_many(force: Force) -> None:
    open_cases(force, ["Wren Sample"])
    with statements_of(force.database) as few:
        team_of(force, force.elm)
    open_cases(force, [f"Sample {number}" for number in range(20)], officer="birch")
    with statements_of(force.database) as many:
        assert team_of(force, force.elm).overdue_total == 21
    assert len(few) == len(many) <= 6


def test_it_looks_along_the_index_of_the_teams_open_duties(sqlite_force: Force) -> None:
    force = sqlite_force
    open_cases(force, [f"Sample {number}" for number in range(5)])
    with planned(force.database) as plans, force.database.reading() as connection:
        found = plans(connection, lambda c: team_page(c, person=force.elm, today=TODAY, law=force.law, weights=WEIGHTS))
    of_duties = [plan for plan in found if " due" in plan]
    assert len(of_duties) == 2
    assert all("ix_due_holder_team" in plan for plan in of_duties), of_duties
    assert not [plan for plan in found if "SCAN due" in plan or "SCAN victim" in plan]


def test_what_waits_for_somebody_is_looked_for_first_and_not_every_case_of_the_team(sqlite_force: Force) -> None:
    force = sqlite_force
    open_cases(force, [f"Sample {number}" for number in range(5)])
    with planned(force.database) as plans, force.database.reading() as connection:
        found = plans(
            connection,
            lambda c: (waiting_for_second(c, person=force.elm), questions_in_team(c, person=force.elm)),
        )
    small = ("ix_journey_event_void_requested", "ix_case_link_unconfirmed", "ix_supervisor_question_open")
    assert len(found) == len(small)
    for plan, index in zip(found, small, strict=True):
        assert index in plan
        assert "ix_victim_case" not in plan

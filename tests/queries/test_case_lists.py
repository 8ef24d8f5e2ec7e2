"""Who is kept from a case: what the domain says and what the database answers are the same, on every list."""

from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

import pytest
from sqlalchemy import Connection, select

from tests.force import VAULT, Force
from tests.plans import planned
from tests.queries.caseload import TEAMS, open_cases
from tests.queries.test_scope import HOLDERS, every_view
from victimcare.domain.people import Action, CaseHolder, CaseLists, Person, Role, Scope, may, scope_of
from victimcare.editions.workload import published_weights
from victimcare.queries.case_lists import need_a_keeper, restricted_to_others, who_may_see
from victimcare.queries.scope import (
    HELD_BY_THEM,
    OF_TEAM,
    OF_TEAM_AT_LAST,
    as_holder,
    as_of_team,
    reachable_cases,
    visible_cases,
)
from victimcare.queries.team import team_page
from victimcare.store import case_lists
from victimcare.store.cases import CASES, NoSuchCase, look_at
from victimcare.store.staff import PEOPLE, SYSTEM

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
STAFF = ("ash", "birch", "cedar", "elm", "fir")
SUPERVISOR = Person("x", "X", Role.SUPERVISOR)
ON_A_CASE = [action for action in Action if scope_of(SUPERVISOR, action) is Scope.TEAM and not may(SUPERVISOR, action)]
STATES = ("normal", "restricted-in", "restricted-out", "excluded", "both")


def keep_lists(connection: Connection, case_id: int, lists: CaseLists) -> None:
    """The lists of a case from now on, whatever they were."""
    why = {"reason": "Canary of a reason", "by": SYSTEM, "at": NOW, "vault": VAULT}
    before = case_lists.lists_of(connection, [case_id])[case_id]
    case_lists.lift(connection, case_id, by=SYSTEM, at=NOW)
    for person_id in sorted(before.excluded):
        case_lists.take_off(connection, case_id, person_id, case_lists.ListedAs.EXCLUDED, by=SYSTEM, at=NOW)
    for person_id in sorted(lists.excluded):
        case_lists.exclude(connection, case_id, person_id, **why)
    if lists.restricted_to is not None:
        case_lists.restrict(connection, case_id, **why)
        case_lists.name_on(connection, case_id, sorted(lists.restricted_to), by=SYSTEM, at=NOW)


def state_of(state: str, person_id: str, *, others: frozenset[str] = frozenset({"ash"})) -> CaseLists:
    """Lists of which the person is one of the five states."""
    them = frozenset({person_id})
    return {
        "normal": CaseLists(),
        "restricted-in": CaseLists(restricted_to=others | them),
        "restricted-out": CaseLists(restricted_to=others - them),
        "excluded": CaseLists(excluded=them),
        "both": CaseLists(excluded=them, restricted_to=others | them),
    }[state]


@pytest.fixture
def refs(force: Force) -> dict[str, str]:
    """The reference of the case that each of them holds; the victim is named after the holder."""
    return {holder: open_cases(force, [f"Canary of {holder}"], officer=holder)[0].case.ref for holder in HOLDERS}


def some(random: Random) -> frozenset[str]:
    return frozenset(person_id for person_id in STAFF if random.random() < 0.4)


def test_the_database_and_the_domain_agree_on_whom_any_lists_keep_out(force: Force, refs: dict[str, str]) -> None:
    random = Random(2026)
    people = [
        *(getattr(force, name) for name in (*STAFF, "board", "administrator")),
        replace(force.birch, covering=frozenset({"ash"})),
        replace(force.elm, covering=frozenset({"cedar"})),
        SYSTEM,
    ]
    compared = 0
    for _ in range(6):
        lists = {who: CaseLists(some(random), some(random) if random.random() < 0.5 else None) for who in HOLDERS}
        with force.database.writing() as connection:
            numbers = {who: look_at(connection, refs[who]).id for who in HOLDERS}
            held = {who: CaseHolder(who, TEAMS[who], lists[who], numbers[who]) for who in HOLDERS}
            for holder, ref in refs.items():
                keep_lists(connection, look_at(connection, ref).id, lists[holder])
                assert look_at(connection, ref).holder == held[holder]
            for person in people:
                for action in ON_A_CASE:
                    found = connection.execute(select(CASES.c.ref).where(visible_cases(person, action))).scalars()
                    allowed = {refs[who] for who in HOLDERS if may(person, action, held[who])}
                    assert set(found) == allowed, (person, action)
                    compared += len(HOLDERS)
                compare_conditions_made_once(connection, person, held, refs)
            compared += compare_in_an_emergency(connection, force.cedar, held, refs)
    print(f"{compared} answers of the database are those of the domain")
    assert compared > 2000


def compare_in_an_emergency(
    connection: Connection, person: Person, held: dict[str, CaseHolder], refs: dict[str, str]
) -> int:
    opened = look_at(connection, refs["ash"]).id
    person = replace(person, emergency_case=opened)
    for action in ON_A_CASE:
        found = set(connection.execute(select(CASES.c.ref).where(reachable_cases(person, action))).scalars())
        assert found == {refs[who] for who in HOLDERS if may(person, action, held[who])}, action
        listed = set(connection.execute(select(CASES.c.ref).where(visible_cases(person, action))).scalars())
        assert listed <= {refs["cedar"]}
    return len(ON_A_CASE)


def compare_conditions_made_once(
    connection: Connection, person: Person, held: dict[str, CaseHolder], refs: dict[str, str]
) -> None:
    open_to_them = [who for who, holder in held.items() if holder.lists and not holder.lists.bars(person.id)]
    mine = {refs[who] for who in open_to_them if who in person.acts_as}
    found = set(connection.execute(select(CASES.c.ref).where(HELD_BY_THEM), as_holder(person)).scalars())
    assert found == (mine if person.role in (Role.OFFICER, Role.SUPERVISOR) else set())
    team = {refs[who] for who in open_to_them if held[who].team_id == person.team_id}
    for condition in (OF_TEAM, OF_TEAM_AT_LAST):
        found = set(connection.execute(select(CASES.c.ref).where(condition), as_of_team(person)).scalars())
        assert found == (team if person.role is Role.SUPERVISOR else set())


@pytest.mark.parametrize("who", ["supervisor", "cover"])
def test_no_query_shows_a_case_to_somebody_whom_a_list_keeps_from_it(
    force: Force, refs: dict[str, str], who: str
) -> None:
    person = force.elm if who == "supervisor" else replace(force.birch, covering=frozenset({"ash"}))
    for state in STATES:
        with force.database.writing() as connection:
            keep_lists(connection, look_at(connection, refs["ash"]).id, state_of(state, person.id))
            shown = "".join(repr(view) for view in every_view(connection, force, person, refs))
            rows = restricted_to_others(connection, person=person)
        sees = state in ("normal", "restricted-in")
        assert (refs["ash"] in shown, "Canary of ash" in shown) == (sees, sees), state
        assert refs["birch"] in shown
        assert [row.ref for row in rows] == ([refs["ash"]] if state == "restricted-out" else []), state


def test_the_counts_of_a_team_are_those_without_the_case(force: Force, refs: dict[str, str]) -> None:
    asked = {"person": force.elm, "today": date(2026, 7, 1), "law": force.law, "weights": published_weights()}
    with force.database.writing() as connection:
        whole = team_page(connection, **asked)
        for state in STATES:
            keep_lists(connection, look_at(connection, refs["ash"]).id, state_of(state, "elm"))
            page = team_page(connection, **asked)
            sees = state in ("normal", "restricted-in")
            assert {load.officer_id: load.open_cases for load in page.officers} == {
                "ash": 1 if sees else 0,
                "birch": 1,
                "elm": 1,
            }
            seen = whole.overdue_total if sees else whole.overdue_total * 2 // 3
            assert page.overdue_total == sum(load.overdue for load in page.officers) == seen > 0


def test_whoever_is_outside_learns_whom_to_ask_and_whoever_is_excluded_nothing(
    force: Force, refs: dict[str, str]
) -> None:
    second = Person("gorse", "Gorse Example", Role.SUPERVISOR, "luton")
    with force.database.writing() as connection:
        row = {"id": second.id, "name": second.name, "role": second.role.value, "team_id": second.team_id}
        connection.execute(PEOPLE.insert().values(row))
        case_id = look_at(connection, refs["ash"]).id
        keep_lists(connection, case_id, CaseLists(restricted_to=frozenset({"ash", "gorse"})))
        outside = restricted_to_others(connection, person=force.elm)
        keep_lists(connection, case_id, CaseLists(frozenset({"elm"}), frozenset({"ash", "gorse"})))
        excluded = restricted_to_others(connection, person=force.elm)
        of_another_team = restricted_to_others(connection, person=force.fir)
    assert [(row.ref, row.ask) for row in outside] == [(refs["ash"], ("Gorse Example",))]
    assert (excluded, of_another_team) == ((), ())


def test_a_restricted_case_that_no_supervisor_can_see_is_told_to_administrators_by_its_reference_only(
    force: Force, refs: dict[str, str]
) -> None:
    with force.database.writing() as connection:
        case_id = look_at(connection, refs["ash"]).id
        keep_lists(connection, case_id, CaseLists(restricted_to=frozenset({"ash", "elm"})))
        assert need_a_keeper(connection, person=force.administrator) == ()
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == "elm").values(active=False))
        found = need_a_keeper(connection, person=force.administrator)
        assert need_a_keeper(connection, person=force.elm) == need_a_keeper(connection, person=force.board) == ()
    assert [(one.ref, one.team_name, one.supervisors) for one in found] == [(refs["ash"], "Luton A", ())]
    assert "Canary" not in repr(found)


def test_who_is_on_the_lists_is_shown_to_those_who_keep_them(force: Force, refs: dict[str, str]) -> None:
    with force.database.writing() as connection:
        case_id = look_at(connection, refs["ash"]).id
        keep_lists(connection, case_id, CaseLists(frozenset({"birch"}), frozenset({"ash", "elm"})))
        theirs = who_may_see(connection, person=force.elm, ref=refs["ash"], vault=VAULT)
        officers = who_may_see(connection, person=force.ash, ref=refs["ash"], vault=VAULT)
        with pytest.raises(NoSuchCase):
            who_may_see(connection, person=force.birch, ref=refs["ash"], vault=VAULT)
    assert [one.name for one in theirs.named] == ["Ash Example", "Elm Example"]
    assert [(one.name, one.reason) for one in theirs.excluded] == [("Birch Example", "Canary of a reason")]
    assert (theirs.may_take_it, theirs.may_be_named(force.elm)) == ((), ())
    assert [one for one, _ in theirs.may_be_excluded(force.elm)] == ["ash", "cedar", "fir"]
    assert (officers.restricted, officers.keepers) == (True, ("Elm Example",))
    assert (officers.restriction, officers.listings, officers.may_keep) == (None, (), False)


def test_who_needs_a_keeper_is_asked_of_the_few_that_are_restricted(sqlite_force: Force) -> None:
    """And not of every case there is, one reference after the other."""
    with planned(sqlite_force.database) as plans, sqlite_force.database.reading() as connection:
        (plan,) = plans(connection, case_lists.without_keeper)
    assert "SCAN victim_case" not in plan, plan

"""Who may do what, written out: for each role and action, to whose cases."""

from dataclasses import replace

import pytest

from victimcare.domain.people import (
    IN_EMERGENCY,
    NO_LISTS,
    Action,
    CaseHolder,
    CaseLists,
    Person,
    Role,
    Scope,
    may,
    scope_of,
)

# O: a case that they hold; T: of their team; X: of another team; N: about no case. Nothing: not at all.
TABLE = """
                            officer supervisor board administrator directory_editor privacy_reviewer code_lead system
sign in                     -       -          -     -             -                -                -         OTXN
see own work                OTXN    OTXN       -     -             -                -                -         OTXN
record a crime              OTXN    OTXN       -     -             -                -                -         OTXN
take a message              OTXN    OTXN       -     -             -                -                -         OTXN
name a cover                O       OT         -     -             -                -                -         OTXN
see a case                  O       OT         -     -             -                -                -         OTXN
record an event             O       OT         -     -             -                -                -         OTXN
record a contact            O       OT         -     -             -                -                -         OTXN
keep contact details        O       OT         -     -             -                -                -         OTXN
protect a location          -       OT         -     -             -                -                -         OTXN
see the team                -       OTXN       -     -             -                -                -         OTXN
see the escalation ladder   -       OTXN       -     OTXN          -                -                -         OTXN
reassign cases              -       OT         -     -             -                -                -         OTXN
keep who may see a case     -       OT         -     -             -                -                -         OTXN
declare a conflict          O       OT         -     -             -                -                -         OTXN
name a keeper               -       -          -     OTXN          -                -                -         OTXN
decide on a good reason     -       OT         -     -             -                -                -         OTXN
void a case                 -       OT         -     -             -                -                -         OTXN
answer a question           -       OT         -     -             -                -                -         OTXN
see who looked at a case    -       OT         -     -             -                -                -         OTXN
see incidents               -       OTXN       -     OTXN          -                OTXN             -         OTXN
keep incidents              -       OTXN       -     -             -                -                -         OTXN
review records              -       OT         -     -             -                -                -         OTXN
prepare a victim's record   O       OT         -     -             -                -                -         OTXN
release a victim's record   -       OT         -     -             -                -                -         OTXN
see the board's summaries   -       -          OTXN  -             -                -                -         OTXN
take summaries out          -       -          OTXN  -             -                -                -         OTXN
see job runs                -       -          -     OTXN          -                -                -         OTXN
keep the directory          -       -          -     -             OTXN             -                -         OTXN
keep people and teams       -       -          -     OTXN          -                -                -         OTXN
open contact details        O       OT         -     -             -                -                -         OTXN
open in an emergency        OTXN    OTXN       -     -             -                -                -         OTXN
review emergencies          -       -          -     -             -                OTXN             -         OTXN
review alerts               -       -          -     -             -                OTXN             -         OTXN
check the Code              -       -          -     -             -                -                OTXN      OTXN
"""
HOLDERS = {
    "O": CaseHolder("me", "luton", NO_LISTS),
    "T": CaseHolder("colleague", "luton", NO_LISTS),
    "X": CaseHolder("stranger", "bedford", NO_LISTS),
    "N": None,
}


def rows() -> list[tuple[Role, Action, str]]:
    heading, *lines = TABLE.strip("\n").splitlines()
    roles = [Role(word) for word in heading.split()]
    table = []
    for line in lines:
        action, cells = Action(line[:28].strip()), line[28:].split()
        table += [(role, action, cell) for role, cell in zip(roles, cells, strict=True)]
    return table


def test_the_table_speaks_of_every_role_and_action() -> None:
    spoken_of = [(role, action) for role, action, _ in rows()]
    assert sorted(spoken_of) == sorted((role, action) for role in Role for action in Action)


@pytest.mark.parametrize(("role", "action", "whose"), rows())
@pytest.mark.parametrize("held", HOLDERS)
def test_each_may_do_what_the_table_says_and_nothing_else(role: Role, action: Action, whose: str, held: str) -> None:
    person = Person("me", "Somebody", role, "luton")
    assert may(person, action, HOLDERS[held]) is (held in whose)


@pytest.mark.parametrize("action", Action)
def test_who_may_not_do_it_at_all_has_no_scope(action: Action) -> None:
    for role, listed, whose in rows():
        if listed is action:
            assert (scope_of(Person("me", "Somebody", role), action) is None) is (whose == "-")


def test_a_case_that_one_holds_for_another_team_is_ones_own() -> None:
    for role in (Role.OFFICER, Role.SUPERVISOR):
        assert may(Person("me", "Somebody", role, "luton"), Action.SEE_CASE, CaseHolder("me", "bedford", NO_LISTS))


def test_a_supervisor_without_a_team_has_no_cases_but_their_own() -> None:
    nobodys = Person("me", "Somebody", Role.SUPERVISOR)
    assert not may(nobodys, Action.SEE_CASE, CaseHolder("colleague", "luton", NO_LISTS))
    assert may(nobodys, Action.SEE_CASE, CaseHolder("me", "luton", NO_LISTS))


@pytest.mark.parametrize("action", [Action.SEE_CASE, Action.RECORD_EVENT, Action.RECORD_CONTACT])
def test_whoever_covers_an_officer_works_on_that_officers_cases_and_on_no_others(action: Action) -> None:
    cover = Person("me", "Somebody", Role.OFFICER, "luton", covering=frozenset({"colleague"}))
    assert may(cover, action, CaseHolder("colleague", "luton", NO_LISTS))
    assert may(cover, action, CaseHolder("me", "luton", NO_LISTS))
    assert not may(cover, action, CaseHolder("another", "luton", NO_LISTS))


def test_covering_gives_nobody_what_their_role_does_not_include() -> None:
    for role in (Role.BOARD, Role.ADMINISTRATOR):
        somebody = Person("me", "Somebody", role, covering=frozenset({"colleague"}))
        assert not [
            action
            for action in Action
            if may(somebody, action, CaseHolder("colleague", "luton", NO_LISTS))
            and scope_of(somebody, action) is not Scope.NONE
        ]
    cover = Person("me", "Somebody", Role.OFFICER, "luton", covering=frozenset({"colleague"}))
    assert not may(cover, Action.REASSIGN, CaseHolder("colleague", "luton", NO_LISTS))


def test_emergency_access_is_to_one_case_to_see_it_and_reach_its_victim_and_never_past_an_exclusion() -> None:
    somebody = Person("me", "Somebody", Role.OFFICER, "luton", emergency_case=7)
    restricted = CaseLists(restricted_to=frozenset({"stranger"}))
    for lists, opens in ((NO_LISTS, True), (restricted, True), (CaseLists(frozenset({"me"})), False), (None, False)):
        for action in Action:
            if not may(replace(somebody, emergency_case=None), action):
                there = CaseHolder("stranger", "bedford", lists, 7)
                assert may(somebody, action, there) is (opens and action in IN_EMERGENCY), action
                assert not may(somebody, action, replace(there, case_id=8))
                assert not may(somebody, action, replace(there, case_id=None))
    assert not may(Person("me", "Somebody", Role.BOARD, emergency_case=7), Action.SEE_CASE, there)

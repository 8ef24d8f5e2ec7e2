"""Who may do what, written out: for each role and action, to whose cases."""

from dataclasses import replace

import pytest

from victimcare.domain.event_kinds import EventKind
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
    recording_by,
    recording_of,
    scope_of,
)

ROLES = {
    "o": Role.OFFICER,
    "s": Role.SUPERVISOR,
    "b": Role.BOARD,
    "a": Role.ADMINISTRATOR,
    "e": Role.DIRECTORY_EDITOR,
    "p": Role.PRIVACY_REVIEWER,
    "l": Role.CODE_LEAD,
    "r": Role.SERVICE_USER,
    "y": Role.SYSTEM,
}
"""By the letter that they have in the table; all but the last as in tests/web/access.txt."""
# O: a case that they hold; T: of their team; X: of another team; R: of another team, a referral of which lies with
# their service; N: about no case. Nothing: not at all.
TABLE = """
                            o      s      b      a      e      p      l      r      y
sign in                     -      -      -      -      -      -      -      -      OTXRN
see own work                OTXRN  OTXRN  -      -      -      -      -      -      OTXRN
record a crime              OTXRN  OTXRN  -      -      -      -      -      -      OTXRN
take a message              OTXRN  OTXRN  -      -      -      -      -      -      OTXRN
name a cover                O      OT     -      -      -      -      -      -      OTXRN
see a case                  O      OT     -      -      -      -      -      -      OTXRN
record an event             O      OT     -      -      -      -      -      -      OTXRN
record a contact            O      OT     -      -      -      -      -      -      OTXRN
keep contact details        O      OT     -      -      -      -      -      -      OTXRN
protect a location          -      OT     -      -      -      -      -      -      OTXRN
see the team                -      OTXRN  -      -      -      -      -      -      OTXRN
see the escalation ladder   -      OTXRN  -      OTXRN  -      -      -      -      OTXRN
reassign cases              -      OT     -      -      -      -      -      -      OTXRN
keep who may see a case     -      OT     -      -      -      -      -      -      OTXRN
declare a conflict          O      OT     -      -      -      -      -      -      OTXRN
name a keeper               -      -      -      OTXRN  -      -      -      -      OTXRN
decide on a good reason     -      OT     -      -      -      -      -      -      OTXRN
void a case                 -      OT     -      -      -      -      -      -      OTXRN
answer a question           -      OT     -      -      -      -      -      -      OTXRN
see who looked at a case    -      OT     -      -      -      -      -      -      OTXRN
see incidents               -      OTXRN  -      OTXRN  -      OTXRN  -      -      OTXRN
keep incidents              -      OTXRN  -      -      -      -      -      -      OTXRN
review records              -      OT     -      -      -      -      -      -      OTXRN
prepare a victim's record   O      OT     -      -      -      -      -      -      OTXRN
release a victim's record   -      OT     -      -      -      -      -      -      OTXRN
see the board's summaries   -      -      OTXRN  -      -      -      -      -      OTXRN
take summaries out          -      -      OTXRN  -      -      -      -      -      OTXRN
see job runs                -      -      -      OTXRN  -      -      -      -      OTXRN
keep the directory          -      -      -      -      OTXRN  -      -      -      OTXRN
keep people and teams       -      -      -      OTXRN  -      -      -      -      OTXRN
open contact details        O      OT     -      -      -      -      -      -      OTXRN
open in an emergency        OTXRN  OTXRN  -      -      -      -      -      -      OTXRN
review emergencies          -      -      -      -      -      OTXRN  -      -      OTXRN
review alerts               -      -      -      -      -      OTXRN  -      -      OTXRN
check the Code              -      -      -      -      -      -      OTXRN  -      OTXRN
see a referral              -      -      -      -      -      -      -      R      OTXRN
answer a referral           -      -      -      -      -      -      -      R      OTXRN
"""
HOLDERS = {
    "O": CaseHolder("me", "luton", NO_LISTS),
    "T": CaseHolder("colleague", "luton", NO_LISTS),
    "X": CaseHolder("stranger", "bedford", NO_LISTS),
    "R": CaseHolder("stranger", "bedford", NO_LISTS, referred_to=frozenset({"helpers"})),
    "N": None,
}


def rows() -> list[tuple[Role, Action, str]]:
    heading, *lines = TABLE.strip("\n").splitlines()
    roles = [ROLES[letter] for letter in heading.split()]
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
    person = Person("me", "Somebody", role, "luton", "helpers")
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


@pytest.mark.parametrize("action", [Action.SEE_REFERRAL, Action.ANSWER_REFERRAL])
def test_of_a_service_one_reaches_what_lies_with_it_alone_and_nothing_from_which_one_is_kept(action: Action) -> None:
    helper = Person("me", "Somebody", Role.SERVICE_USER, service_id="helpers")
    theirs = CaseHolder("stranger", "bedford", NO_LISTS, referred_to=frozenset({"helpers", "others"}))
    assert may(helper, action, theirs)
    for kept_out in (CaseLists(frozenset({"me"})), CaseLists(restricted_to=frozenset({"stranger"})), None):
        assert not may(helper, action, replace(theirs, lists=kept_out))
    assert not may(helper, action, replace(theirs, referred_to=frozenset({"others"})))
    for of_none in (replace(helper, service_id=None), replace(helper, service_id="elsewhere")):
        assert not may(of_none, action, theirs)
        assert not may(of_none, action, replace(theirs, officer_id="me"))


def test_what_a_service_records_is_an_answer_to_its_referral_and_of_anybody_else_what_it_always_was() -> None:
    helper = Person("me", "Somebody", Role.SERVICE_USER, service_id="helpers")
    answers = {kind for kind in EventKind if recording_by(helper, kind) is Action.ANSWER_REFERRAL}
    assert {kind.value for kind in answers} == {
        "referral_accepted",
        "referral_refused",
        "support_contacted",
        "support_started",
    }
    for role in Role:
        somebody = Person("me", "Somebody", role, "luton")
        if role not in (Role.SERVICE_USER, Role.SYSTEM):
            assert all(recording_by(somebody, kind) is recording_of(kind) for kind in EventKind)

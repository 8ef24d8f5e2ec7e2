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
    "w": Role.WITNESS_CARE,
    "y": Role.SYSTEM,
}
"""By the letter that they have in the table; all but the last as in tests/web/access.txt."""
# O: a case that they hold; T: of their team; X: of another team; R: of another team, a referral of which lies with
# their service; C: of another team, at court in an area that they serve; N: about no case. Nothing: not at all.
TABLE = """
                            o       s       b       a       e       p       l       r       w       y
sign in                     -       -       -       -       -       -       -       -       -       OTXRCN
see own work                OTXRCN  OTXRCN  -       -       -       -       -       -       -       OTXRCN
record a crime              OTXRCN  OTXRCN  -       -       -       -       -       -       -       OTXRCN
take a message              OTXRCN  OTXRCN  -       -       -       -       -       -       -       OTXRCN
name a cover                O       OT      -       -       -       -       -       -       -       OTXRCN
see a case                  O       OT      -       -       -       -       -       -       C       OTXRCN
record an event             O       OT      -       -       -       -       -       -       -       OTXRCN
record a contact            O       OT      -       -       -       -       -       -       C       OTXRCN
keep contact details        O       OT      -       -       -       -       -       -       C       OTXRCN
protect a location          -       OT      -       -       -       -       -       -       -       OTXRCN
see the team                -       OTXRCN  -       -       -       -       -       -       -       OTXRCN
see the escalation ladder   -       OTXRCN  -       OTXRCN  -       -       -       -       -       OTXRCN
reassign cases              -       OT      -       -       -       -       -       -       -       OTXRCN
keep who may see a case     -       OT      -       -       -       -       -       -       -       OTXRCN
declare a conflict          O       OT      -       -       -       -       -       -       -       OTXRCN
name a keeper               -       -       -       OTXRCN  -       -       -       -       -       OTXRCN
decide on a good reason     -       OT      -       -       -       -       -       -       -       OTXRCN
void a case                 -       OT      -       -       -       -       -       -       -       OTXRCN
answer a question           -       OT      -       -       -       -       -       -       -       OTXRCN
see who looked at a case    -       OT      -       -       -       -       -       -       -       OTXRCN
see incidents               -       OTXRCN  -       OTXRCN  -       OTXRCN  -       -       -       OTXRCN
keep incidents              -       OTXRCN  -       -       -       -       -       -       -       OTXRCN
check the quality of a case -       OT      -       -       -       -       -       -       -       OTXRCN
ask for feedback            -       OT      -       -       -       -       -       -       -       OTXRCN
take feedback               OTXRCN  OTXRCN  -       -       -       -       -       -       OTXRCN  OTXRCN
read feedback               -       OT      -       -       -       -       -       -       -       OTXRCN
review records              -       OT      -       -       -       -       -       -       -       OTXRCN
prepare a victim's record   O       OT      -       -       -       -       -       -       -       OTXRCN
release a victim's record   -       OT      -       -       -       -       -       -       -       OTXRCN
see the board's summaries   -       -       OTXRCN  -       -       -       -       -       -       OTXRCN
keep actions of the board   -       -       OTXRCN  -       -       -       -       -       -       OTXRCN
take summaries out          -       -       OTXRCN  -       -       -       -       -       -       OTXRCN
see job runs                -       -       -       OTXRCN  -       -       -       -       -       OTXRCN
keep the directory          -       -       -       -       OTXRCN  -       -       -       -       OTXRCN
keep people and teams       -       -       -       OTXRCN  -       -       -       -       -       OTXRCN
open contact details        O       OT      -       -       -       -       -       -       C       OTXRCN
open in an emergency        OTXRCN  OTXRCN  -       -       -       -       -       -       -       OTXRCN
review emergencies          -       -       -       -       -       OTXRCN  -       -       -       OTXRCN
review alerts               -       -       -       -       -       OTXRCN  -       -       -       OTXRCN
check the Code              -       -       -       -       -       -       OTXRCN  -       -       OTXRCN
see a referral              -       -       -       -       -       -       -       R       -       OTXRCN
answer a referral           -       -       -       -       -       -       -       R       -       OTXRCN
see witness care work       -       -       -       -       -       -       -       -       OTXRCN  OTXRCN
record what is of court     O       OT      -       -       -       -       -       -       C       OTXRCN
see the file of a case      O       OT      -       -       -       -       -       -       -       OTXRCN
print a case                O       OT      -       -       -       -       -       -       -       OTXRCN
"""
HOLDERS = {
    "O": CaseHolder("me", "luton", NO_LISTS),
    "T": CaseHolder("colleague", "luton", NO_LISTS),
    "X": CaseHolder("stranger", "bedford", NO_LISTS),
    "R": CaseHolder("stranger", "bedford", NO_LISTS, referred_to=frozenset({"helpers"})),
    "C": CaseHolder("stranger", "bedford", NO_LISTS, at_court_in="Luton"),
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


@pytest.mark.parametrize("role", Role)
def test_each_may_do_what_the_table_says_and_nothing_else(role: Role) -> None:
    person = Person("me", "Somebody", role, "luton", "helpers", frozenset({"Luton"}))
    table = [(action, held, held in whose) for of, action, whose in rows() if of is role for held in HOLDERS]
    assert [(action, held, may(person, action, HOLDERS[held])) for action, held, _ in table] == table


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
        if role not in (Role.SERVICE_USER, Role.WITNESS_CARE, Role.SYSTEM):
            assert all(recording_by(somebody, kind) is recording_of(kind) for kind in EventKind)


@pytest.mark.parametrize("action", [Action.SEE_CASE, Action.RECORD_AT_COURT, Action.RECORD_CONTACT])
def test_witness_care_reaches_what_is_at_court_in_its_areas_and_nothing_from_which_one_is_kept(action: Action) -> None:
    clerk = Person("me", "Somebody", Role.WITNESS_CARE, areas=frozenset({"Luton"}))
    there = CaseHolder("stranger", "bedford", NO_LISTS, at_court_in="Luton")
    assert may(clerk, action, there)
    for kept_out in (CaseLists(frozenset({"me"})), CaseLists(restricted_to=frozenset({"stranger"})), None):
        assert not may(clerk, action, replace(there, lists=kept_out))
    assert not may(clerk, action, replace(there, at_court_in=None))
    assert not may(clerk, action, replace(there, at_court_in="Bedford Borough"))
    assert not may(replace(clerk, areas=frozenset()), action, there)
    assert not may(replace(clerk, areas=frozenset()), action, replace(there, at_court_in=None, officer_id="me"))


def test_witness_care_records_news_of_court_and_contacts_and_no_more() -> None:
    clerk = Person("me", "Somebody", Role.WITNESS_CARE, areas=frozenset({"Luton"}))
    theirs = {kind for kind in EventKind if scope_of(clerk, recording_by(clerk, kind)) is not None}
    assert {EventKind.COURT_OUTCOME_RECEIVED, EventKind.HEARING_LISTED, EventKind.CONTACT_MADE} <= theirs
    for kind in (EventKind.SUSPECT_ARRESTED, EventKind.CASE_CLOSED, EventKind.REFERRAL_SENT, EventKind.SUSPECT_CHARGED):
        assert kind not in theirs
    assert len(theirs) == 23

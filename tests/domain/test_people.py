"""Who may do what, written out: for each role and action, to whose cases."""

from dataclasses import replace

import pytest

from victimcare.domain.agencies import RECORDED_BY
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
    "m": Role.BOARD_MEMBER,
    "i": Role.API_CLIENT,
    "y": Role.SYSTEM,
}
"""By the letter that they have in the table; all but the last as in tests/web/access.txt."""
# O: a case that they hold; T: of their team; X: of another team; R: of another team, a referral of which lies with
# their service; C: of another team, at court in an area that they serve; G: of another team, that concerns their
# agency; N: about no case. Nothing: not at all.
TABLE = """
                            o       s       b       a       e       p       l       r w       m       i       y
sign in                     -       -       -       -       -       -       -       - -       -       -       OTXRCGN
see own work                OTXRCGN OTXRCGN -       -       -       -       -       - -       -       -       OTXRCGN
record a crime              OTXRCGN OTXRCGN -       -       -       -       -       - -       -       -       OTXRCGN
take a message              OTXRCGN OTXRCGN -       -       -       -       -       - -       -       -       OTXRCGN
name a cover                O       OT      -       -       -       -       -       - -       -       -       OTXRCGN
see a case                  O       OT      -       -       -       -       -       - C       -       -       OTXRCGN
record an event             O       OT      -       -       -       -       -       - -       -       -       OTXRCGN
record a contact            O       OT      -       -       -       -       -       - C       -       -       OTXRCGN
keep contact details        O       OT      -       -       -       -       -       - C       -       -       OTXRCGN
protect a location          -       OT      -       -       -       -       -       - -       -       -       OTXRCGN
see the team                -       OTXRCGN -       -       -       -       -       - -       -       -       OTXRCGN
see the escalation ladder   -       OTXRCGN -       OTXRCGN -       -       -       - -       -       -       OTXRCGN
reassign cases              -       OT      -       -       -       -       -       - -       -       -       OTXRCGN
keep who may see a case     -       OT      -       -       -       -       -       - -       -       -       OTXRCGN
declare a conflict          O       OT      -       -       -       -       -       - -       -       -       OTXRCGN
name a keeper               -       -       -       OTXRCGN -       -       -       - -       -       -       OTXRCGN
decide on a good reason     -       OT      -       -       -       -       -       - -       -       -       OTXRCGN
void a case                 -       OT      -       -       -       -       -       - -       -       -       OTXRCGN
answer a question           -       OT      -       -       -       -       -       - -       -       -       OTXRCGN
see who looked at a case    -       OT      -       -       -       -       -       - -       -       -       OTXRCGN
see incidents               -       OTXRCGN -       OTXRCGN -       OTXRCGN -       - -       -       -       OTXRCGN
keep incidents              -       OTXRCGN -       -       -       -       -       - -       -       -       OTXRCGN
check the quality of a case -       OT      -       -       -       -       -       - -       -       -       OTXRCGN
ask for feedback            -       OT      -       -       -       -       -       - -       -       -       OTXRCGN
take feedback               OTXRCGN OTXRCGN -       -       -       -       -       - OTXRCGN -       -       OTXRCGN
read feedback               -       OT      -       -       -       -       -       - -       -       -       OTXRCGN
review records              -       OT      -       -       -       -       -       - -       -       -       OTXRCGN
prepare a victim's record   O       OT      -       -       -       -       -       - -       -       -       OTXRCGN
release a victim's record   -       OT      -       -       -       -       -       - -       -       -       OTXRCGN
see the board's summaries   -       -       OTXRCGN -       -       -       -       - -       OTXRCGN -       OTXRCGN
keep actions of the board   -       -       OTXRCGN -       -       -       -       - -       -       -       OTXRCGN
have packs made             -       -       OTXRCGN -       -       -       -       - -       -       -       OTXRCGN
reckon figures anew         -       -       OTXRCGN -       -       -       -       - -       -       -       OTXRCGN
take summaries out          -       -       OTXRCGN -       -       -       -       - -       OTXRCGN -       OTXRCGN
see job runs                -       -       -       OTXRCGN -       -       -       - -       -       -       OTXRCGN
keep the directory          -       -       -       -       OTXRCGN -       -       - -       -       -       OTXRCGN
keep people and teams       -       -       -       OTXRCGN -       -       -       - -       -       -       OTXRCGN
open contact details        O       OT      -       -       -       -       -       - C       -       -       OTXRCGN
open in an emergency        OTXRCGN OTXRCGN -       -       -       -       -       - -       -       -       OTXRCGN
review emergencies          -       -       -       -       -       OTXRCGN -       - -       -       -       OTXRCGN
review alerts               -       -       -       -       -       OTXRCGN -       - -       -       -       OTXRCGN
check the Code              -       -       -       -       -       -       OTXRCGN - -       -       -       OTXRCGN
see a referral              -       -       -       -       -       -       -       R -       -       R       OTXRCGN
answer a referral           -       -       -       -       -       -       -       R -       -       R       OTXRCGN
see witness care work       -       -       -       -       -       -       -       - OTXRCGN -       -       OTXRCGN
record what is of court     O       OT      -       -       -       -       -       - C       -       -       OTXRCGN
see the file of a case      O       OT      -       -       -       -       -       - -       -       -       OTXRCGN
print a case                O       OT      -       -       -       -       -       - -       -       -       OTXRCGN
keep systems of agencies    -       -       -       OTXRCGN -       -       -       - -       -       -       OTXRCGN
try a profile of records    -       -       -       OTXRCGN -       -       -       - -       -       -       OTXRCGN
see what an agency owes     -       -       -       -       -       -       -       - -       -       G       OTXRCGN
record for an agency        -       -       -       -       -       -       -       - -       -       G       OTXRCGN
bring in records            -       -       -       -       -       -       -       - -       -       OTXRCGN OTXRCGN
"""
HOLDERS = {
    "O": CaseHolder("me", "luton", NO_LISTS),
    "T": CaseHolder("colleague", "luton", NO_LISTS),
    "X": CaseHolder("stranger", "bedford", NO_LISTS),
    "R": CaseHolder("stranger", "bedford", NO_LISTS, referred_to=frozenset({"helpers"}), location_protected=False),
    "C": CaseHolder("stranger", "bedford", NO_LISTS, at_court_in="Luton"),
    "G": CaseHolder("stranger", "bedford", NO_LISTS, concerns=frozenset({"hmcts"}), location_protected=False),
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
    agency = "hmcts" if role is Role.API_CLIENT else None
    person = Person("me", "Somebody", role, "luton", "helpers", frozenset({"Luton"}), agency)
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
        if role not in (Role.SERVICE_USER, Role.WITNESS_CARE, Role.API_CLIENT, Role.SYSTEM):
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


COURT = Person("me", "A system", Role.API_CLIENT, areas=frozenset({"Luton"}), agency="hmcts")
CONCERNED = CaseHolder("officer", "luton", NO_LISTS, concerns=frozenset({"hmcts"}), location_protected=False)


@pytest.mark.parametrize("action", [Action.SEE_FOR_AGENCY, Action.RECORD_FOR_AGENCY])
def test_a_system_reaches_what_concerns_its_agency_and_nothing_that_is_kept_from_anybody(action: Action) -> None:
    assert may(COURT, action, CONCERNED)
    assert not may(replace(COURT, agency="cps"), action, CONCERNED)
    assert not may(replace(COURT, agency=None), action, CONCERNED)
    assert not may(COURT, action, replace(CONCERNED, concerns=frozenset()))
    assert not may(COURT, action, replace(CONCERNED, location_protected=True))
    somebody_else = frozenset({"somebody"})
    for lists in (CaseLists(somebody_else), CaseLists(restricted_to=frozenset({"me"})), None):
        assert not may(COURT, action, replace(CONCERNED, lists=lists)), lists


def test_a_system_of_a_service_has_its_referrals_but_none_of_a_case_that_is_kept_from_anybody() -> None:
    system = Person("me", "A system", Role.API_CLIENT, service_id="helpers")
    theirs = CaseHolder("officer", "luton", NO_LISTS, referred_to=frozenset({"helpers"}), location_protected=False)
    assert may(system, Action.ANSWER_REFERRAL, theirs)
    assert not may(system, Action.ANSWER_REFERRAL, replace(theirs, location_protected=True))
    assert not may(system, Action.ANSWER_REFERRAL, replace(theirs, lists=CaseLists(frozenset({"somebody"}))))
    assert not may(system, Action.SEE_FOR_AGENCY, replace(CONCERNED, concerns=frozenset({"support_service"})))


@pytest.mark.parametrize("agency", RECORDED_BY)
def test_a_system_records_what_is_its_agencys_own_and_nothing_else(agency: str) -> None:
    system = replace(COURT, agency=agency)
    theirs = {kind for kind in EventKind if scope_of(system, recording_by(system, kind)) is not None}
    assert theirs == RECORDED_BY[agency]
    assert not theirs & {EventKind.CASE_CLOSED, EventKind.SUSPECT_CHARGED, EventKind.REFERRAL_ACCEPTED}

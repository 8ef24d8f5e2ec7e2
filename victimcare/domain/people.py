"""Who uses victimcare, and what each may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from victimcare.domain.agencies import RECORDED_BY
from victimcare.domain.event_kinds import EventKind


class Role(StrEnum):
    """What a person is here to do."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    BOARD = "board"
    ADMINISTRATOR = "administrator"
    DIRECTORY_EDITOR = "directory_editor"
    PRIVACY_REVIEWER = "privacy_reviewer"
    CODE_LEAD = "code_lead"
    SERVICE_USER = "service_user"
    WITNESS_CARE = "witness_care"
    BOARD_MEMBER = "board_member"
    API_CLIENT = "api_client"
    SYSTEM = "system"

    @property
    def in_words(self) -> str:
        """As it is said on pages."""
        return _ROLE_WORDS[self]

    @property
    def works_in_a_team(self) -> bool:
        """Whether somebody of this role is always of a team."""
        return self in (Role.OFFICER, Role.SUPERVISOR)

    @property
    def works_for_a_service(self) -> bool:
        """Whether somebody of this role is always of a service of the directory."""
        return self is Role.SERVICE_USER

    @property
    def serves_areas(self) -> bool:
        """Whether somebody of this role always serves areas."""
        return self is Role.WITNESS_CARE


_ROLE_WORDS = {
    Role.OFFICER: "Case officer",
    Role.SUPERVISOR: "Supervisor",
    Role.BOARD: "Secretariat of the board",
    Role.ADMINISTRATOR: "Administrator",
    Role.DIRECTORY_EDITOR: "Directory editor",
    Role.PRIVACY_REVIEWER: "Privacy reviewer",
    Role.CODE_LEAD: "Code lead",
    Role.SERVICE_USER: "Referral service user",
    Role.WITNESS_CARE: "Witness care officer",
    Role.BOARD_MEMBER: "Member of the board",
    Role.API_CLIENT: "System of an agency",
    Role.SYSTEM: "victimcare itself",
}
ROLES = tuple(role for role in Role if role not in (Role.API_CLIENT, Role.SYSTEM))
"""The roles that people have."""
OF_THE_BOARD = (Role.BOARD, Role.BOARD_MEMBER)
"""The roles that read the board's summaries: its secretariat, which also asks for them, and its members."""


class Action(StrEnum):
    """Something that a person asks to do; every route declares one."""

    SIGN_IN = "sign in"
    SEE_OWN_WORK = "see own work"
    RECORD_CRIME = "record a crime"
    TAKE_MESSAGE = "take a message"
    NAME_COVER = "name a cover"
    SEE_CASE = "see a case"
    RECORD_EVENT = "record an event"
    RECORD_CONTACT = "record a contact"
    OPEN_CONTACT_DETAILS = "open contact details"
    KEEP_CONTACT_DETAILS = "keep contact details"
    PROTECT_LOCATION = "protect a location"
    SEE_TEAM = "see the team"
    SEE_LADDER = "see the escalation ladder"
    REASSIGN = "reassign cases"
    KEEP_LISTS = "keep who may see a case"
    DECLARE_CONFLICT = "declare a conflict"
    NAME_KEEPER = "name a keeper"
    OPEN_IN_EMERGENCY = "open in an emergency"
    REVIEW_EMERGENCIES = "review emergencies"
    REVIEW_ALERTS = "review alerts"
    DECIDE_GOOD_REASON = "decide on a good reason"
    VOID_CASE = "void a case"
    ANSWER_QUESTION = "answer a question"
    SEE_ACCESS_LOG = "see who looked at a case"
    CHECK_QUALITY = "check the quality of a case"
    ASK_FOR_FEEDBACK = "ask for feedback"
    TAKE_FEEDBACK = "take feedback"
    READ_FEEDBACK = "read feedback"
    REVIEW_RECORDS = "review records"
    SEE_INCIDENTS = "see incidents"
    KEEP_INCIDENTS = "keep incidents"
    PREPARE_RECORD = "prepare a victim's record"
    RELEASE_RECORD = "release a victim's record"
    SEE_BOARD = "see the board's summaries"
    TAKE_SUMMARIES = "take summaries out"
    MAKE_PACKS = "have packs made"
    KEEP_ACTIONS = "keep actions of the board"
    RECKON_ANEW = "reckon figures anew"
    SEE_JOBS = "see job runs"
    KEEP_DIRECTORY = "keep the directory"
    CHECK_CODE = "check the Code"
    SEE_REFERRAL = "see a referral"
    ANSWER_REFERRAL = "answer a referral"
    SEE_WITNESS_CARE = "see witness care work"
    RECORD_AT_COURT = "record what is of court"
    SEE_FILE = "see the file of a case"
    PRINT_CASE = "print a case"
    KEEP_PEOPLE = "keep people and teams"
    KEEP_API_CLIENTS = "keep systems of agencies"
    TRY_PROFILE = "try a profile of records"
    SEE_FOR_AGENCY = "see what an agency owes"
    RECORD_FOR_AGENCY = "record for an agency"
    BRING_RECORDS = "bring in records"


class Scope(StrEnum):
    """Which cases an action reaches. A case out of scope does not exist for the person."""

    NONE = "none"
    OWN = "own"
    TEAM = "team"
    REFERRED = "referred"
    """Cases of which a referral lies with the service that they work for."""
    AT_COURT = "at court"
    """Cases of the areas that they serve, from the charge or the first hearing until they are over."""
    CONCERNED = "concerned"
    """Cases, in the areas that they serve, in which their agency owes something now or has recorded something."""
    ALL = "all"


_NO_CASE = frozenset(
    {
        Action.SIGN_IN,
        Action.RECORD_CRIME,
        Action.TAKE_MESSAGE,
        Action.TAKE_FEEDBACK,
        Action.SEE_BOARD,
        Action.TAKE_SUMMARIES,
        Action.MAKE_PACKS,
        Action.KEEP_ACTIONS,
        Action.RECKON_ANEW,
        Action.SEE_JOBS,
        Action.KEEP_DIRECTORY,
        Action.CHECK_CODE,
        Action.SEE_WITNESS_CARE,
        Action.KEEP_PEOPLE,
        Action.KEEP_API_CLIENTS,
        Action.TRY_PROFILE,
        Action.BRING_RECORDS,
        Action.NAME_KEEPER,
        Action.OPEN_IN_EMERGENCY,
        Action.REVIEW_EMERGENCIES,
        Action.REVIEW_ALERTS,
        Action.SEE_OWN_WORK,
        Action.SEE_TEAM,
        Action.SEE_LADDER,
        Action.SEE_INCIDENTS,
        Action.KEEP_INCIDENTS,
    }
)

_MAY: dict[Role, dict[Action, Scope]] = {
    Role.OFFICER: {
        Action.SEE_OWN_WORK: Scope.OWN,
        Action.RECORD_CRIME: Scope.OWN,
        Action.TAKE_MESSAGE: Scope.OWN,
        Action.TAKE_FEEDBACK: Scope.NONE,
        Action.NAME_COVER: Scope.OWN,
        Action.SEE_CASE: Scope.OWN,
        Action.SEE_FILE: Scope.OWN,
        Action.PRINT_CASE: Scope.OWN,
        Action.RECORD_AT_COURT: Scope.OWN,
        Action.RECORD_EVENT: Scope.OWN,
        Action.RECORD_CONTACT: Scope.OWN,
        Action.OPEN_CONTACT_DETAILS: Scope.OWN,
        Action.KEEP_CONTACT_DETAILS: Scope.OWN,
        Action.PREPARE_RECORD: Scope.OWN,
        Action.OPEN_IN_EMERGENCY: Scope.NONE,
        Action.DECLARE_CONFLICT: Scope.OWN,
    },
    Role.SUPERVISOR: {
        Action.SEE_OWN_WORK: Scope.OWN,
        Action.RECORD_CRIME: Scope.OWN,
        Action.TAKE_MESSAGE: Scope.OWN,
        Action.TAKE_FEEDBACK: Scope.NONE,
        Action.NAME_COVER: Scope.TEAM,
        Action.SEE_CASE: Scope.TEAM,
        Action.SEE_FILE: Scope.TEAM,
        Action.PRINT_CASE: Scope.TEAM,
        Action.RECORD_AT_COURT: Scope.TEAM,
        Action.RECORD_EVENT: Scope.TEAM,
        Action.RECORD_CONTACT: Scope.TEAM,
        Action.OPEN_CONTACT_DETAILS: Scope.TEAM,
        Action.KEEP_CONTACT_DETAILS: Scope.TEAM,
        Action.OPEN_IN_EMERGENCY: Scope.NONE,
        Action.PROTECT_LOCATION: Scope.TEAM,
        Action.SEE_TEAM: Scope.TEAM,
        Action.SEE_LADDER: Scope.NONE,
        Action.REASSIGN: Scope.TEAM,
        Action.KEEP_LISTS: Scope.TEAM,
        Action.DECLARE_CONFLICT: Scope.TEAM,
        Action.DECIDE_GOOD_REASON: Scope.TEAM,
        Action.VOID_CASE: Scope.TEAM,
        Action.ANSWER_QUESTION: Scope.TEAM,
        Action.SEE_ACCESS_LOG: Scope.TEAM,
        Action.CHECK_QUALITY: Scope.TEAM,
        Action.ASK_FOR_FEEDBACK: Scope.TEAM,
        Action.READ_FEEDBACK: Scope.TEAM,
        Action.REVIEW_RECORDS: Scope.TEAM,
        Action.SEE_INCIDENTS: Scope.TEAM,
        Action.KEEP_INCIDENTS: Scope.TEAM,
        Action.PREPARE_RECORD: Scope.TEAM,
        Action.RELEASE_RECORD: Scope.TEAM,
    },
    Role.BOARD: {
        Action.SEE_BOARD: Scope.NONE,
        Action.TAKE_SUMMARIES: Scope.NONE,
        Action.MAKE_PACKS: Scope.NONE,
        Action.KEEP_ACTIONS: Scope.NONE,
        Action.RECKON_ANEW: Scope.NONE,
    },
    Role.ADMINISTRATOR: {
        Action.SEE_INCIDENTS: Scope.NONE,
        Action.SEE_JOBS: Scope.NONE,
        Action.SEE_LADDER: Scope.NONE,
        Action.KEEP_PEOPLE: Scope.NONE,
        Action.KEEP_API_CLIENTS: Scope.NONE,
        Action.TRY_PROFILE: Scope.NONE,
        Action.NAME_KEEPER: Scope.NONE,
    },
    Role.DIRECTORY_EDITOR: {Action.KEEP_DIRECTORY: Scope.NONE},
    Role.PRIVACY_REVIEWER: {
        Action.REVIEW_EMERGENCIES: Scope.NONE,
        Action.REVIEW_ALERTS: Scope.NONE,
        Action.SEE_INCIDENTS: Scope.NONE,
    },
    Role.CODE_LEAD: {Action.CHECK_CODE: Scope.NONE},
    Role.SERVICE_USER: {Action.SEE_REFERRAL: Scope.REFERRED, Action.ANSWER_REFERRAL: Scope.REFERRED},
    Role.WITNESS_CARE: {
        Action.SEE_WITNESS_CARE: Scope.AT_COURT,
        Action.TAKE_FEEDBACK: Scope.NONE,
        Action.SEE_CASE: Scope.AT_COURT,
        Action.RECORD_AT_COURT: Scope.AT_COURT,
        Action.RECORD_CONTACT: Scope.AT_COURT,
        Action.OPEN_CONTACT_DETAILS: Scope.AT_COURT,
        Action.KEEP_CONTACT_DETAILS: Scope.AT_COURT,
    },
    Role.BOARD_MEMBER: {Action.SEE_BOARD: Scope.NONE, Action.TAKE_SUMMARIES: Scope.NONE},
    Role.API_CLIENT: {
        Action.SEE_FOR_AGENCY: Scope.CONCERNED,
        Action.RECORD_FOR_AGENCY: Scope.CONCERNED,
        Action.SEE_REFERRAL: Scope.REFERRED,
        Action.ANSWER_REFERRAL: Scope.REFERRED,
        Action.BRING_RECORDS: Scope.NONE,
    },
    Role.SYSTEM: dict.fromkeys(Action, Scope.ALL),
}


IN_EMERGENCY = frozenset({Action.SEE_CASE, Action.SEE_FILE, Action.OPEN_CONTACT_DETAILS})
"""What emergency access to a case is for: to see it, and how to reach the victim.

Nothing is recorded with it, and nothing printed.
"""

_SUPERVISORS_DECIDE = {
    EventKind.GOOD_REASON_AGREED: Action.DECIDE_GOOD_REASON,
    EventKind.GOOD_REASON_REFUSED: Action.DECIDE_GOOD_REASON,
    EventKind.VERDICT_DECIDED: Action.DECIDE_GOOD_REASON,
    EventKind.CASE_VOID_REFUSED: Action.VOID_CASE,
    EventKind.CASE_VOIDED: Action.VOID_CASE,
    EventKind.OFFICER_ASSIGNED: Action.REASSIGN,
}
_WITHOUT_THE_REST: Mapping[Action, frozenset[EventKind]] = {
    Action.ANSWER_REFERRAL: frozenset(
        {
            EventKind.REFERRAL_ACCEPTED,
            EventKind.REFERRAL_REFUSED,
            EventKind.SUPPORT_CONTACTED,
            EventKind.SUPPORT_STARTED,
        }
    ),
    Action.RECORD_CONTACT: frozenset({EventKind.CONTACT_MADE, EventKind.CONTACT_ATTEMPTED, EventKind.ALSO_ANSWERED}),
    Action.RECORD_AT_COURT: frozenset(
        {
            EventKind.HEARING_LISTED,
            EventKind.HEARING_ADJOURNED,
            EventKind.PLEA_RECEIVED,
            EventKind.BAIL_RESULT_RECEIVED,
            EventKind.WARRANT_RECEIVED,
            EventKind.REARREST_RESULT_RECEIVED,
            EventKind.REQUIRED_TO_GIVE_EVIDENCE,
            EventKind.NEEDS_ASSESSED,
            EventKind.WITNESS_NEEDS_ASSESSED,
            EventKind.COURT_VISIT_OFFERED,
            EventKind.COURT_VISITED,
            EventKind.SPECIAL_MEASURES_ASKED,
            EventKind.SPECIAL_MEASURES_DECIDED,
            EventKind.TRIAL_STARTED,
            EventKind.COURT_OUTCOME_RECEIVED,
            EventKind.SENTENCE_RECEIVED,
            EventKind.APPEAL_LODGED,
            EventKind.APPEAL_NEWS_RECEIVED,
            EventKind.SUPREME_COURT_RESULT_RECEIVED,
            EventKind.VCS_REFERRED,
        }
    ),
}
"""What somebody may record who may not record everything: with which action, which kinds."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in, or the system itself (`Role.SYSTEM`, for imports and jobs).

    `covering` has the ids of the officers for whom they stand in today, `emergency_case` the number of the case that
    they opened in an emergency, in this sign-in, and may see for a while. `sign_in` and `request_id` are only for the
    audit to say in which sign-in, and by which request, they did what they did. `service_id` is the service of the
    directory that they work for, `areas` are those that they serve. `agency` is that of the Code whose system it is,
    where no person but a system asks.
    """

    id: str
    name: str
    role: Role
    team_id: str | None = None
    service_id: str | None = None
    areas: frozenset[str] = frozenset()
    agency: str | None = None
    covering: frozenset[str] = frozenset()
    emergency_case: int | None = None
    sign_in: str | None = field(default=None, compare=False)
    request_id: str | None = field(default=None, compare=False)

    @property
    def acts_as(self) -> frozenset[str]:
        """Whose cases are theirs to work on today: their own, and those of whom they cover."""
        return self.covering | {self.id}


@dataclass(frozen=True, slots=True)
class CaseLists:
    """Who is kept from a case whatever their role. Deny beats allow, and to be named gives nobody a case.

    Those `excluded` never see it; where `restricted_to` is not None, only those named in it do.
    """

    excluded: frozenset[str] = frozenset()
    restricted_to: frozenset[str] | None = None

    def bars(self, person_id: str) -> bool:
        """Whether this person is kept from the case."""
        return person_id in self.excluded or (self.restricted_to is not None and person_id not in self.restricted_to)

    @property
    def bar_somebody(self) -> bool:
        """Whether anybody is: then nothing of the case goes where nobody knows who reads it, as in a shared inbox."""
        return bool(self.excluded) or self.restricted_to is not None


NO_LISTS = CaseLists()
"""Of a case from which nobody is kept, as most are."""


@dataclass(frozen=True, slots=True)
class CaseHolder:
    """Who holds a case now, and who is kept from it: everybody, where that is not known (None).

    `case_id` is its number, where the case is one that could have been opened in an emergency. `referred_to` are the
    services with which a referral of it lies, where somebody of a service asks; `at_court_in` is its area while it is
    at court (`domain/court_stage.py`). `concerns` are the agencies that have something to do with it where one of
    them asks, in their areas. `location_protected` is believed until the contrary is known, where a system asks.
    """

    officer_id: str
    team_id: str
    lists: CaseLists | None = None
    case_id: int | None = None
    referred_to: frozenset[str] = frozenset()
    at_court_in: str | None = None
    concerns: frozenset[str] = frozenset()
    location_protected: bool = True


def scope_of(person: Person, action: Action) -> Scope | None:
    """The cases that `action` reaches for this person; None where the person may not do it at all."""
    return _MAY[person.role].get(action)


def recording_of(kind: EventKind) -> Action:
    """The action that recording, or correcting, an event of this kind is."""
    return _SUPERVISORS_DECIDE.get(kind, Action.RECORD_EVENT)


def recording_by(person: Person, kind: EventKind) -> Action:
    """The same for this person, who may be allowed a part of what is recorded: an answer, a contact, news of court."""
    if person.agency is not None:
        own = kind in RECORDED_BY.get(person.agency, ())
        return Action.RECORD_FOR_AGENCY if own else recording_of(kind)
    if scope_of(person, Action.RECORD_EVENT) is None:
        for action, kinds in _WITHOUT_THE_REST.items():
            if kind in kinds and scope_of(person, action) is not None:
                return action
    return recording_of(kind)


def may(person: Person, action: Action, holder: CaseHolder | None = None) -> bool:
    """Whether the person may do this, to the case held by `holder` where it is about a case. Default: no."""
    scope = scope_of(person, action)
    if scope is None:
        return False
    if action in _NO_CASE or scope is Scope.ALL:
        return True
    if holder is None or scope is Scope.NONE or holder.lists is None:
        return False
    if _in_emergency(person, action, holder, holder.lists):
        return True
    if holder.lists.bars(person.id):
        return False
    if person.role is Role.API_CLIENT and (holder.lists.bar_somebody or holder.location_protected):
        return False  # nobody knows who reads what a system was told
    if scope is Scope.CONCERNED:
        return person.agency in holder.concerns
    if scope is Scope.REFERRED:
        return person.service_id in holder.referred_to
    if scope is Scope.AT_COURT:
        return holder.at_court_in in person.areas
    is_own = holder.officer_id in person.acts_as
    return is_own or (scope is Scope.TEAM and holder.team_id == person.team_id)


def _in_emergency(person: Person, action: Action, holder: CaseHolder, lists: CaseLists) -> bool:
    """Emergency access reaches restricted cases too, and none from which the person is excluded."""
    opened = person.emergency_case is not None and person.emergency_case == holder.case_id
    return opened and action in IN_EMERGENCY and person.id not in lists.excluded

"""Every kind of event that a victim's journey can hold, and what each must say.

Kinds are as fine as the Code is: a crime reported is not a crime recorded, a claim received is not a claim complete.
To add one: a member of `EventKind`, its facts in `EVENT_KINDS`, and the rules that it starts or meets in an edition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """What happened; the value is what the database and edition files hold."""

    CRIME_REPORTED = "crime_reported"
    CRIME_RECORDED = "crime_recorded"
    OFFICER_ASSIGNED = "officer_assigned"
    NEEDS_ASSESSED = "needs_assessed"
    CONTACT_INTERVAL_AGREED = "contact_interval_agreed"
    CONTACT_INTERVAL_ENDED = "contact_interval_ended"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    VPS_OFFERED = "vps_offered"
    VPS_TAKEN = "vps_taken"
    VPS_DECLINED = "vps_declined"
    RESTORATIVE_JUSTICE_OFFERED = "restorative_justice_offered"
    REFERRAL_OFFERED = "referral_offered"
    REFERRAL_CONSENTED = "referral_consented"
    REFERRAL_DECLINED = "referral_declined"
    REFERRAL_SENT = "referral_sent"
    REFERRAL_ACCEPTED = "referral_accepted"
    REFERRAL_REFUSED = "referral_refused"
    SUPPORT_STARTED = "support_started"
    SUPPORT_ENDED = "support_ended"
    SUSPECT_ARRESTED = "suspect_arrested"
    SUSPECT_INTERVIEWED = "suspect_interviewed"
    SUSPECT_RELEASED_WITHOUT_CHARGE = "suspect_released_without_charge"
    SUSPECT_BAILED = "suspect_bailed"
    SUSPECT_RELEASED_UNDER_INVESTIGATION = "suspect_released_under_investigation"
    BAIL_CONDITIONS_CHANGED = "bail_conditions_changed"
    BAIL_CANCELLED = "bail_cancelled"
    DECIDED_NOT_TO_INVESTIGATE = "decided_not_to_investigate"
    INVESTIGATION_CLOSED_NO_SUSPECT = "investigation_closed_no_suspect"
    VIEWS_SOUGHT = "views_sought"
    POLICE_DECIDED_NO_PROSECUTION = "police_decided_no_prosecution"
    CPS_DECIDED_NO_CHARGE = "cps_decided_no_charge"
    SUSPECT_CHARGED = "suspect_charged"
    OUT_OF_COURT_DISPOSAL = "out_of_court_disposal"
    CPS_CHANGED_CHARGES = "cps_changed_charges"
    OUTCOME_PUBLISHED = "outcome_published"
    REVIEW_REQUESTED = "review_requested"
    REVIEW_DECIDED = "review_decided"
    HEARING_LISTED = "hearing_listed"
    HEARING_ADJOURNED = "hearing_adjourned"
    BAIL_RESULT_RECEIVED = "bail_result_received"
    WARRANT_RECEIVED = "warrant_received"
    REARREST_RESULT_RECEIVED = "rearrest_result_received"
    REQUIRED_TO_GIVE_EVIDENCE = "required_to_give_evidence"
    SPECIAL_MEASURES_DECIDED = "special_measures_decided"
    COURT_OUTCOME_RECEIVED = "court_outcome_received"
    SENTENCE_RECEIVED = "sentence_received"
    APPEAL_NEWS_RECEIVED = "appeal_news_received"
    SUPREME_COURT_RESULT_RECEIVED = "supreme_court_result_received"
    EXPENSES_CLAIMED = "expenses_claimed"
    EXPENSES_CLAIM_COMPLETED = "expenses_claim_completed"
    EXPENSES_PAID = "expenses_paid"
    PROPERTY_HELD = "property_held"
    PROPERTY_RETURNED = "property_returned"
    VCS_REFERRED = "vcs_referred"
    VCS_FIRST_CONTACT = "vcs_first_contact"
    RELEASE_INFORMATION_RECEIVED = "release_information_received"
    COMPLAINT_MADE = "complaint_made"
    COMPLAINT_ACKNOWLEDGED = "complaint_acknowledged"
    COMPLAINT_ANSWERED = "complaint_answered"
    CONTACT_MADE = "contact_made"
    CONTACT_ATTEMPTED = "contact_attempted"
    ALSO_ANSWERED = "also_answered"
    DUTY_DECLINED = "duty_declined"
    DUTY_NOT_APPLICABLE = "duty_not_applicable"
    DUTY_NOT_SAFE = "duty_not_safe"
    GOOD_REASON_REQUESTED = "good_reason_requested"
    GOOD_REASON_AGREED = "good_reason_agreed"
    GOOD_REASON_REFUSED = "good_reason_refused"
    CASE_CLOSED = "case_closed"
    CASE_REOPENED = "case_reopened"
    CASE_VOIDED = "case_voided"


class Stage(StrEnum):
    """Where in the journey a kind is offered first."""

    REPORT = "Report and needs"
    SUPPORT = "Support and choices"
    INVESTIGATION = "Investigation"
    DECISION = "Police and CPS decisions"
    COURT = "Court"
    AFTER_SENTENCE = "After sentence"
    COMPLAINT = "Complaint"
    CONTACT = "Contact"
    DUTY = "Ending a duty"
    CASE = "The case"


class DetailType(StrEnum):
    """How a detail is typed; events hold codes, dates and labels, never words about people."""

    CODE = "code"
    DATE = "date"
    YES_NO = "yes_no"
    NUMBER = "number"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Detail:
    """One typed detail of an event; an optional detail that is absent is not yet known."""

    name: str
    label: str
    type: DetailType
    choices: Mapping[str, str] | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What is always true of a kind of event.

    `sentence` completes "... on Friday 22 May 2026" in an explanation. `of_crime`: it happened to the crime, so
    every victim of that crime has it. `received`: it reaches the agency that owes a duty by being received.
    """

    title: str
    sentence: str
    stage: Stage
    subject: str | None = None
    of_crime: bool = False
    received: bool = False
    details: tuple[Detail, ...] = ()


_HEARING_TYPES = {
    "first": "First hearing",
    "bail": "Bail hearing",
    "plea": "Plea hearing",
    "trial": "Trial",
    "sentence": "Sentencing",
    "other": "Other hearing",
}
_DECIDERS = {"police": "Police", "cps": "Crown Prosecution Service"}
_CHANNELS = {
    "phone": "Phone call",
    "in_person": "In person",
    "letter": "Letter",
    "email": "E-mail",
    "text": "Text message",
    "video": "Video call",
}
_INCIDENT_ON = Detail("incident_on", "Day of the incident", DetailType.DATE)
_OFFENDER_UNDER_18 = Detail("offender_under_18", "Is the offender under 18?", DetailType.YES_NO)
_GROUNDS = {
    "under_18": "Under 18",
    "serious_crime": "Victim of the most serious crime",
    "persistently_targeted": "Persistently targeted",
    "vulnerable": "Vulnerable",
    "intimidated": "Intimidated",
}
_SCOPES = {
    "all": "Everything the Code offers",
    "right:4": "Referral to support",
    "right:6": "News of the investigation and prosecution",
    "right:8": "News of hearings and bail",
    "right:9": "Outcome, sentence and appeals",
    "right:11": "Victim Contact Scheme",
}


def _choice(name: str, label: str, choices: Mapping[str, str], *, required: bool = False) -> Detail:
    return Detail(name, label, DetailType.CODE, choices, required)


def _of_suspect(title: str, sentence: str, stage: Stage, *details: Detail) -> KindFacts:
    return KindFacts(title, sentence, stage, subject="suspect", of_crime=True, details=details)


def _from_court(title: str, sentence: str, *details: Detail, subject: str = "hearing") -> KindFacts:
    return KindFacts(title, sentence, Stage.COURT, subject, of_crime=True, received=True, details=details)


_K = EventKind
EVENT_KINDS: Mapping[EventKind, KindFacts] = {
    _K.CRIME_REPORTED: KindFacts(
        "Crime reported",
        "The crime was reported",
        Stage.REPORT,
        of_crime=True,
        details=(_INCIDENT_ON, _OFFENDER_UNDER_18),
    ),
    _K.CRIME_RECORDED: KindFacts("Crime recorded", "The crime was recorded", Stage.REPORT, of_crime=True),
    _K.OFFICER_ASSIGNED: KindFacts(
        "Case officer assigned",
        "A case officer was assigned",
        Stage.CASE,
        details=(
            Detail("officer", "Case officer", DetailType.LABEL, required=True),
            Detail("team", "Team", DetailType.LABEL, required=True),
            Detail("why", "Why this officer", DetailType.LABEL),
        ),
    ),
    _K.NEEDS_ASSESSED: KindFacts(
        "Needs assessed",
        "The victim's needs were assessed",
        Stage.REPORT,
        details=(
            Detail("tier", "Tier", DetailType.LABEL, required=True),
            _choice("grounds", "Grounds", _GROUNDS),
            Detail("until_on", "Until (an eighteenth birthday)", DetailType.DATE),
        ),
    ),
    _K.CONTACT_INTERVAL_AGREED: KindFacts(
        "Contact interval agreed",
        "It was agreed how often the victim hears",
        Stage.SUPPORT,
        details=(Detail("interval_days", "Days between contacts", DetailType.NUMBER, required=True),),
    ),
    _K.CONTACT_INTERVAL_ENDED: KindFacts(
        "Contact interval ended", "The victim no longer wants regular contact", Stage.SUPPORT
    ),
    _K.OPTED_OUT: KindFacts(
        "Opted out",
        "The victim opted out",
        Stage.SUPPORT,
        details=(_choice("scope", "What it covers", _SCOPES, required=True),),
    ),
    _K.OPTED_IN: KindFacts(
        "Opted back in",
        "The victim opted back in",
        Stage.SUPPORT,
        details=(_choice("scope", "What it covers", _SCOPES, required=True),),
    ),
    _K.VPS_OFFERED: KindFacts(
        "Victim Personal Statement offered", "A Victim Personal Statement was offered", Stage.SUPPORT
    ),
    _K.VPS_TAKEN: KindFacts("Victim Personal Statement taken", "A Victim Personal Statement was taken", Stage.SUPPORT),
    _K.VPS_DECLINED: KindFacts(
        "Victim Personal Statement declined", "The victim declined a Victim Personal Statement", Stage.SUPPORT
    ),
    _K.RESTORATIVE_JUSTICE_OFFERED: KindFacts(
        "Restorative justice offered", "Restorative justice was offered", Stage.SUPPORT
    ),
    _K.REFERRAL_OFFERED: KindFacts("Referral offered", "A referral to support was offered", Stage.SUPPORT),
    _K.REFERRAL_CONSENTED: KindFacts("Referral consented to", "The victim agreed to a referral", Stage.SUPPORT),
    _K.REFERRAL_DECLINED: KindFacts("Referral declined", "The victim declined a referral", Stage.SUPPORT),
    _K.REFERRAL_SENT: KindFacts(
        "Referral sent", "The victim was referred to a support service", Stage.SUPPORT, subject="service"
    ),
    _K.REFERRAL_ACCEPTED: KindFacts(
        "Referral accepted", "The support service accepted the referral", Stage.SUPPORT, subject="service"
    ),
    _K.REFERRAL_REFUSED: KindFacts(
        "Referral refused", "The support service refused the referral", Stage.SUPPORT, subject="service"
    ),
    _K.SUPPORT_STARTED: KindFacts("Support started", "Support started", Stage.SUPPORT, subject="service"),
    _K.SUPPORT_ENDED: KindFacts("Support ended", "Support ended", Stage.SUPPORT, subject="service"),
    _K.SUSPECT_ARRESTED: _of_suspect("Suspect arrested", "A suspect was arrested", Stage.INVESTIGATION),
    _K.SUSPECT_INTERVIEWED: _of_suspect(
        "Suspect interviewed under caution", "A suspect was interviewed under caution", Stage.INVESTIGATION
    ),
    _K.SUSPECT_RELEASED_WITHOUT_CHARGE: _of_suspect(
        "Suspect released without charge", "A suspect was released without charge", Stage.INVESTIGATION
    ),
    _K.SUSPECT_BAILED: _of_suspect(
        "Suspect released on police bail", "A suspect was released on police bail", Stage.INVESTIGATION
    ),
    _K.SUSPECT_RELEASED_UNDER_INVESTIGATION: _of_suspect(
        "Suspect released under investigation",
        "A suspect was released under investigation",
        Stage.INVESTIGATION,
    ),
    _K.BAIL_CONDITIONS_CHANGED: _of_suspect(
        "Bail conditions changed", "A suspect's police bail conditions were changed", Stage.INVESTIGATION
    ),
    _K.BAIL_CANCELLED: _of_suspect("Bail cancelled", "A suspect's police bail was cancelled", Stage.INVESTIGATION),
    _K.DECIDED_NOT_TO_INVESTIGATE: KindFacts(
        "Decided not to investigate", "The police decided not to investigate", Stage.DECISION, of_crime=True
    ),
    _K.INVESTIGATION_CLOSED_NO_SUSPECT: KindFacts(
        "Investigation closed, no suspect identified",
        "The investigation was closed with no suspect identified",
        Stage.DECISION,
        of_crime=True,
    ),
    _K.VIEWS_SOUGHT: KindFacts("Victim's views sought", "The victim was asked for their views", Stage.DECISION),
    _K.POLICE_DECIDED_NO_PROSECUTION: _of_suspect(
        "Police decided not to prosecute", "The police decided not to prosecute", Stage.DECISION
    ),
    _K.CPS_DECIDED_NO_CHARGE: _of_suspect(
        "CPS decided not to charge",
        "The Crown Prosecution Service decided not to charge",
        Stage.DECISION,
        _choice("told_by", "Who tells the victim", _DECIDERS),
    ),
    _K.SUSPECT_CHARGED: _of_suspect("Suspect charged", "A suspect was charged", Stage.DECISION),
    _K.OUT_OF_COURT_DISPOSAL: _of_suspect(
        "Out-of-court disposal",
        "The case was dealt with out of court",
        Stage.DECISION,
        _choice("decided_by", "Decided by", _DECIDERS),
    ),
    _K.CPS_CHANGED_CHARGES: _of_suspect(
        "CPS changed or stopped the charges",
        "The Crown Prosecution Service changed or stopped the charges",
        Stage.DECISION,
        Detail("all_proceedings_ended", "Have all proceedings ended?", DetailType.YES_NO),
    ),
    _K.OUTCOME_PUBLISHED: KindFacts(
        "Outcome published",
        "An outcome was published",
        Stage.DECISION,
        of_crime=True,
        details=(Detail("outcome", "Outcome", DetailType.LABEL, required=True),),
    ),
    _K.REVIEW_REQUESTED: _of_suspect(
        "Review requested", "The victim asked for the decision to be reviewed", Stage.DECISION
    ),
    _K.REVIEW_DECIDED: _of_suspect("Review decided", "The review was decided", Stage.DECISION),
    _K.HEARING_LISTED: _from_court(
        "Hearing listed",
        "A hearing was listed",
        Detail("hearing_on", "Day of the hearing", DetailType.DATE, required=True),
        _choice("hearing_type", "Kind of hearing", _HEARING_TYPES, required=True),
    ),
    _K.HEARING_ADJOURNED: _from_court(
        "Hearing adjourned or relisted",
        "A hearing was adjourned or relisted",
        Detail("hearing_on", "New day of the hearing", DetailType.DATE),
        _choice("hearing_type", "Kind of hearing", _HEARING_TYPES),
    ),
    _K.BAIL_RESULT_RECEIVED: _from_court(
        "Outcome of a bail hearing", "The outcome of a bail hearing came from the court"
    ),
    _K.WARRANT_RECEIVED: _from_court("Arrest warrant issued", "The court issued a warrant for the suspect's arrest"),
    _K.REARREST_RESULT_RECEIVED: _from_court(
        "Outcome of hearing after re-arrest", "The outcome of the hearing after re-arrest came from the court"
    ),
    _K.REQUIRED_TO_GIVE_EVIDENCE: KindFacts(
        "Required to give evidence",
        "The victim was required to give evidence",
        Stage.COURT,
        "hearing",
        received=True,
    ),
    _K.SPECIAL_MEASURES_DECIDED: KindFacts(
        "Special measures decided", "The court decided on special measures", Stage.COURT, "hearing"
    ),
    _K.COURT_OUTCOME_RECEIVED: _from_court("Outcome of the case", "The outcome of the case came from the court"),
    _K.SENTENCE_RECEIVED: _from_court(
        "Sentence",
        "The sentence came from the court",
        Detail("specified_offence", "Specified violent or sexual offence?", DetailType.YES_NO),
        Detail("custody_months", "Months of custody", DetailType.NUMBER),
        Detail("hospital_order", "Detained in hospital under the Mental Health Act?", DetailType.YES_NO),
    ),
    _K.APPEAL_NEWS_RECEIVED: _from_court(
        "News of an appeal",
        "News of an appeal came from the court",
        _choice(
            "step",
            "What happened",
            {
                "proceeding": "The appeal is going ahead",
                "bail": "Bail pending appeal",
                "hearing": "Hearing date",
                "outcome": "Outcome of the appeal",
            },
            required=True,
        ),
        subject="appeal",
    ),
    _K.SUPREME_COURT_RESULT_RECEIVED: _from_court(
        "Supreme Court appeal", "News of a Supreme Court appeal came", subject="appeal"
    ),
    _K.EXPENSES_CLAIMED: KindFacts("Expenses claimed", "The victim claimed expenses", Stage.COURT, "claim"),
    _K.EXPENSES_CLAIM_COMPLETED: KindFacts(
        "Expenses claim complete",
        "A correctly completed expenses claim was received",
        Stage.COURT,
        "claim",
        received=True,
    ),
    _K.EXPENSES_PAID: KindFacts("Expenses paid", "Expenses were paid", Stage.COURT, "claim"),
    _K.PROPERTY_HELD: KindFacts("Property held", "Property was kept as evidence", Stage.INVESTIGATION, "property"),
    _K.PROPERTY_RETURNED: KindFacts("Property returned", "Property was returned", Stage.AFTER_SENTENCE, "property"),
    _K.VCS_REFERRED: KindFacts(
        "Referred to the Victim Contact Scheme",
        "The victim was referred to the Victim Contact Scheme",
        Stage.AFTER_SENTENCE,
    ),
    _K.VCS_FIRST_CONTACT: KindFacts(
        "Victim liaison officer's first contact",
        "The victim liaison officer made contact",
        Stage.AFTER_SENTENCE,
    ),
    _K.RELEASE_INFORMATION_RECEIVED: KindFacts(
        "Release information", "Information about release came", Stage.AFTER_SENTENCE, received=True
    ),
    _K.COMPLAINT_MADE: KindFacts(
        "Complaint made",
        "The victim complained",
        Stage.COMPLAINT,
        "complaint",
        received=True,
        details=(Detail("complained_of", "Agency complained of", DetailType.LABEL, required=True),),
    ),
    _K.COMPLAINT_ACKNOWLEDGED: KindFacts(
        "Complaint acknowledged", "The complaint was acknowledged", Stage.COMPLAINT, "complaint"
    ),
    _K.COMPLAINT_ANSWERED: KindFacts(
        "Complaint answered", "The complaint was answered in substance", Stage.COMPLAINT, "complaint"
    ),
    _K.CONTACT_MADE: KindFacts(
        "Victim told",
        "The victim was told",
        Stage.CONTACT,
        details=(_choice("channel", "How", _CHANNELS, required=True),),
    ),
    _K.CONTACT_ATTEMPTED: KindFacts(
        "Contact attempted",
        "An attempt was made to reach the victim",
        Stage.CONTACT,
        details=(_choice("channel", "How", _CHANNELS, required=True),),
    ),
    _K.ALSO_ANSWERED: KindFacts(
        "Contact linked to a duty",
        "An earlier contact was linked to a duty",
        Stage.CONTACT,
        details=(Detail("contact", "The contact", DetailType.LABEL, required=True),),
    ),
    _K.DUTY_DECLINED: KindFacts(
        "Duty declined",
        "The victim declined it",
        Stage.DUTY,
        details=(Detail("contact", "The contact in which they said so", DetailType.LABEL, required=True),),
    ),
    _K.DUTY_NOT_APPLICABLE: KindFacts(
        "Duty not applicable",
        "It was found not to apply",
        Stage.DUTY,
        details=(Detail("reason", "Reason", DetailType.LABEL, required=True),),
    ),
    _K.DUTY_NOT_SAFE: KindFacts(
        "Not safe to inform",
        "It was not safe to tell the victim",
        Stage.DUTY,
        details=(Detail("reason", "Reason", DetailType.LABEL, required=True),),
    ),
    _K.GOOD_REASON_REQUESTED: KindFacts(
        "Good reason asked for",
        "A good reason not to comply was put forward",
        Stage.DUTY,
        details=(Detail("reason", "Reason", DetailType.LABEL, required=True),),
    ),
    _K.GOOD_REASON_AGREED: KindFacts("Good reason agreed", "A supervisor agreed the good reason", Stage.DUTY),
    _K.GOOD_REASON_REFUSED: KindFacts("Good reason refused", "A supervisor refused the good reason", Stage.DUTY),
    _K.CASE_CLOSED: KindFacts("Case closed", "The case was closed", Stage.CASE),
    _K.CASE_REOPENED: KindFacts("Case reopened", "The case was reopened", Stage.CASE),
    _K.CASE_VOIDED: KindFacts(
        "Case void or a duplicate",
        "The case was found to be void or a duplicate",
        Stage.CASE,
        details=(
            Detail("reason", "Reason", DetailType.LABEL, required=True),
            Detail("second_person", "Second person", DetailType.LABEL, required=True),
        ),
    ),
}

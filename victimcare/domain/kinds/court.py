"""The court: hearings, bail, evidence, outcome and sentence."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import Detail, DetailType, KindFacts, Stage, choice, from_court
from victimcare.domain.kinds.kind import EventKind

_HEARING_TYPES = {
    "first": "First hearing",
    "bail": "Bail hearing",
    "plea": "Plea hearing",
    "trial": "Trial",
    "sentence": "Sentencing",
    "other": "Other hearing",
}

_K = EventKind
FACTS: Mapping[EventKind, KindFacts] = {
    _K.HEARING_LISTED: from_court(
        "Hearing listed",
        "A hearing was listed",
        Detail("hearing_on", "Day of the hearing", DetailType.DATE, required=True),
        choice("hearing_type", "Kind of hearing", _HEARING_TYPES, required=True),
    ),
    _K.HEARING_ADJOURNED: from_court(
        "Hearing adjourned or relisted",
        "A hearing was adjourned or relisted",
        Detail("hearing_on", "New day of the hearing", DetailType.DATE),
        choice("hearing_type", "Kind of hearing", _HEARING_TYPES),
    ),
    _K.PLEA_RECEIVED: from_court(
        "Plea",
        "The plea came from the court",
        choice(
            "plea", "Plea", {"guilty": "Guilty", "not_guilty": "Not guilty", "mixed": "Some of each"}, required=True
        ),
    ),
    _K.BAIL_RESULT_RECEIVED: from_court(
        "Outcome of a bail hearing",
        "The outcome of a bail hearing came from the court",
        choice(
            "result",
            "Result",
            {
                "bail": "Bail without conditions",
                "conditions": "Bail with conditions",
                "changed": "Conditions changed",
                "custody": "Kept in custody",
            },
        ),
    ),
    _K.WARRANT_RECEIVED: from_court("Arrest warrant issued", "The court issued a warrant for the suspect's arrest"),
    _K.REARREST_RESULT_RECEIVED: from_court(
        "Outcome of hearing after re-arrest", "The outcome of the hearing after re-arrest came from the court"
    ),
    _K.REQUIRED_TO_GIVE_EVIDENCE: KindFacts(
        "Required to give evidence",
        "The victim was required to give evidence",
        Stage.COURT,
        "hearing",
        received=True,
    ),
    _K.WITNESS_NEEDS_ASSESSED: KindFacts(
        "Needs as a witness assessed", "The victim's needs as a witness were assessed", Stage.COURT
    ),
    _K.COURT_VISIT_OFFERED: KindFacts("Visit to the court offered", "A visit to the court was offered", Stage.COURT),
    _K.COURT_VISITED: KindFacts("Court visited", "The victim visited the court", Stage.COURT),
    _K.SPECIAL_MEASURES_ASKED: KindFacts(
        "Special measures asked for", "Special measures were asked for", Stage.COURT, "hearing"
    ),
    _K.SPECIAL_MEASURES_DECIDED: KindFacts(
        "Special measures decided",
        "The court decided on special measures",
        Stage.COURT,
        "hearing",
        details=(
            choice("result", "Result", {"granted": "Granted", "in_part": "Granted in part", "refused": "Refused"}),
        ),
    ),
    _K.TRIAL_STARTED: from_court("Trial started", "The trial started"),
    _K.COURT_OUTCOME_RECEIVED: from_court(
        "Outcome of the case",
        "The outcome of the case came from the court",
        choice(
            "outcome",
            "Outcome",
            {
                "guilty_plea": "Guilty plea",
                "guilty": "Found guilty",
                "not_guilty": "Found not guilty",
                "no_verdict": "No verdict",
                "ended": "Ended without a verdict",
            },
        ),
    ),
    _K.SENTENCE_RECEIVED: from_court(
        "Sentence",
        "The sentence came from the court",
        Detail("specified_offence", "Specified violent or sexual offence?", DetailType.YES_NO),
        Detail("custody_months", "Months of custody", DetailType.NUMBER),
        Detail("hospital_order", "Detained in hospital under the Mental Health Act?", DetailType.YES_NO),
    ),
    _K.SENTENCE_REVIEW_ASKED: KindFacts(
        "Attorney General asked to review the sentence",
        "The Attorney General was asked to review the sentence",
        Stage.COURT,
        "hearing",
    ),
    _K.SENTENCE_REVIEW_DECIDED: KindFacts(
        "Review of the sentence decided",
        "The review of the sentence was decided",
        Stage.COURT,
        "hearing",
        details=(
            choice(
                "result",
                "Result",
                {
                    "not_referred": "Not referred to the Court of Appeal",
                    "referred": "Referred to the Court of Appeal",
                    "increased": "Sentence increased",
                    "stands": "Sentence stands",
                },
            ),
        ),
    ),
    _K.APPEAL_LODGED: from_court("Appeal lodged", "An appeal was lodged", subject="appeal"),
    _K.APPEAL_NEWS_RECEIVED: from_court(
        "News of an appeal",
        "News of an appeal came from the court",
        choice(
            "step",
            "What happened",
            {
                "proceeding": "The appeal is going ahead",
                "bail": "Bail pending appeal",
                "hearing": "Hearing date",
                "refused": "Permission to appeal refused",
                "outcome": "Outcome of the appeal",
            },
            required=True,
        ),
        subject="appeal",
    ),
    _K.SUPREME_COURT_RESULT_RECEIVED: from_court(
        "Supreme Court appeal", "News of a Supreme Court appeal came", subject="appeal"
    ),
    _K.EXPENSES_CLAIMED: KindFacts("Expenses claimed", "The victim claimed expenses", Stage.COURT, "claim"),
    _K.EXPENSES_CLAIM_COMPLETED: KindFacts(
        "Expenses claim complete",
        "A correctly completed expenses claim was received",
        Stage.COURT,
        "claim",
        received=True,
        details=(Detail("as_witness", "Was the victim required to give evidence?", DetailType.YES_NO),),
    ),
    _K.EXPENSES_PAID: KindFacts("Expenses paid", "Expenses were paid", Stage.COURT, "claim"),
    _K.EXPENSES_REFUSED: KindFacts("Expenses refused", "Expenses were refused", Stage.COURT, "claim"),
}

"""What the police and the Crown Prosecution Service decide."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import DECIDERS, Detail, DetailType, KindFacts, Stage, choice, of_suspect
from victimcare.domain.kinds.kind import EventKind

_K = EventKind
FACTS: Mapping[EventKind, KindFacts] = {
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
    _K.POLICE_DECIDED_NO_PROSECUTION: of_suspect(
        "Police decided not to prosecute", "The police decided not to prosecute", Stage.DECISION
    ),
    _K.CPS_DECIDED_NO_CHARGE: of_suspect(
        "CPS decided not to charge",
        "The Crown Prosecution Service decided not to charge",
        Stage.DECISION,
        choice("told_by", "Who tells the victim", DECIDERS),
    ),
    _K.SUSPECT_CHARGED: of_suspect("Suspect charged", "A suspect was charged", Stage.DECISION),
    _K.OUT_OF_COURT_DISPOSAL: of_suspect(
        "Out-of-court disposal",
        "The case was dealt with out of court",
        Stage.DECISION,
        choice("decided_by", "Decided by", DECIDERS),
    ),
    _K.CPS_CHANGED_CHARGES: of_suspect(
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
    _K.REVIEW_REQUESTED: of_suspect(
        "Review requested", "The victim asked for the decision to be reviewed", Stage.DECISION
    ),
    _K.REVIEW_DECIDED: of_suspect("Review decided", "The review was decided", Stage.DECISION),
}

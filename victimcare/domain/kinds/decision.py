"""What the police and the Crown Prosecution Service decide."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import DECIDERS, Detail, DetailType, KindFacts, Stage, choice, of_suspect
from victimcare.domain.kinds.kind import EventKind

TOLD_BY = "told_by"
"""The detail that says which agency tells the victim of a decision."""
_OUTCOME_TYPE = Detail("outcome_type", "Home Office outcome type", DetailType.LABEL)
_SCHEME = choice("scheme", "Whose decision", DECIDERS, required=True)
_MEETING_ABOUT = choice(
    "about",
    "About what",
    {
        "decision": "A decision on the charges",
        "statement": "The Victim Personal Statement, before the sentence",
        "sentence": "The sentence",
    },
)


def _review(title: str, sentence: str, *details: Detail) -> KindFacts:
    """A step of the right to review. Each victim asks for themselves, so it is of their own case."""
    return KindFacts(title, sentence, Stage.DECISION, subject="suspect", details=(_SCHEME, *details))


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
        details=(_OUTCOME_TYPE,),
    ),
    _K.VIEWS_SOUGHT: KindFacts(
        "Victim's views sought",
        "The victim was asked for their views",
        Stage.DECISION,
        details=(
            choice(
                "about",
                "About what",
                {
                    "out_of_court": "An out-of-court disposal",
                    "bail": "Bail conditions",
                    "sentence": "The sentence of an offender under 18",
                    "other": "Something else",
                },
            ),
            Detail("views_given", "Did they give their views?", DetailType.YES_NO),
        ),
    ),
    _K.POLICE_DECIDED_NO_PROSECUTION: of_suspect(
        "Police decided not to prosecute", "The police decided not to prosecute", Stage.DECISION, _OUTCOME_TYPE
    ),
    _K.CPS_DECIDED_NO_CHARGE: of_suspect(
        "CPS decided not to charge",
        "The Crown Prosecution Service decided not to charge",
        Stage.DECISION,
        choice(TOLD_BY, "Who tells the victim", DECIDERS),
        _OUTCOME_TYPE,
    ),
    _K.SUSPECT_CHARGED: of_suspect(
        "Suspect charged",
        "A suspect was charged",
        Stage.DECISION,
        choice(
            "until_court",
            "Until the first hearing",
            {
                "bail": "On bail without conditions",
                "conditions": "On bail with conditions",
                "custody": "Kept in custody",
                "summons": "Summonsed, not arrested",
            },
        ),
        _OUTCOME_TYPE,
    ),
    _K.OUT_OF_COURT_DISPOSAL: of_suspect(
        "Out-of-court disposal",
        "The case was dealt with out of court",
        Stage.DECISION,
        choice("decided_by", "Decided by", DECIDERS),
        _OUTCOME_TYPE,
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
    _K.CPS_MEETING_OFFERED: KindFacts(
        "Meeting with the CPS offered",
        "A meeting with the Crown Prosecution Service was offered",
        Stage.DECISION,
        details=(_MEETING_ABOUT,),
    ),
    _K.CPS_MEETING_HELD: KindFacts(
        "Meeting with the CPS held",
        "The victim met the Crown Prosecution Service",
        Stage.DECISION,
        details=(_MEETING_ABOUT,),
    ),
    _K.REVIEW_REQUESTED: _review("Review requested", "The victim asked for the decision to be reviewed"),
    _K.REVIEW_ACKNOWLEDGED: _review("Review acknowledged", "The request for a review was acknowledged"),
    _K.REVIEW_DECIDED: _review(
        "Review decided",
        "The review was decided",
        choice("result", "Result", {"stands": "The decision stands", "overturned": "The decision is overturned"}),
    ),
}

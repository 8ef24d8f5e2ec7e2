"""Support, and what the victim chooses."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import Detail, DetailType, KindFacts, Stage, choice
from victimcare.domain.kinds.kind import EventKind
from victimcare.domain.support_needs import ANY_NEED, DECLINED_BECAUSE, REFUSED_BECAUSE, SUPPORT_NEEDS

_SCOPES = {
    "all": "Everything the Code offers",
    "right:3": "Information about services and support",
    "rule:R3-RJ": "Restorative justice",
    "right:4": "Referral to support",
    "right:6": "News of the investigation and prosecution",
    "right:7": "Victim Personal Statement",
    "right:8": "News of hearings and bail",
    "right:9": "Outcome, sentence and appeals",
    "right:11": "Victim Contact Scheme",
}
_WHY_CHOSEN = {
    "does_not_want": "Does not want it",
    "not_now": "Not now, perhaps later",
    "too_much": "It is too much for them",
    "own_support": "Has support of their own",
    "not_safe": "It would not be safe for them",
    "changed_mind": "Changed their mind",
    "no_reason": "Gave no reason",
}

_VPS_POINT = choice(
    "point",
    "For what",
    {
        "report": "When the crime was reported",
        "sentence": "For the sentence",
        "further": "A further statement",
        "appeal": "For an appeal",
        "parole": "For the Parole Board",
    },
)
_COMPENSATION = choice(
    "scheme",
    "Which compensation",
    {"court": "Court compensation order", "cics": "Criminal Injuries Compensation Scheme"},
    required=True,
)


def _of_service(title: str, sentence: str, *details: Detail) -> KindFacts:
    return KindFacts(title, sentence, Stage.SUPPORT, subject="service", details=details)


_K = EventKind
FACTS: Mapping[EventKind, KindFacts] = {
    _K.CONTACT_INTERVAL_AGREED: KindFacts(
        "Contact interval agreed",
        "It was agreed how often the victim hears",
        Stage.SUPPORT,
        details=(Detail("interval_days", "Days between contacts", DetailType.NUMBER, required=True),),
    ),
    _K.CONTACT_INTERVAL_ENDED: KindFacts(
        "Contact interval ended", "The victim no longer wants regular contact", Stage.SUPPORT
    ),
    _K.PREFERENCE_CHANGED: KindFacts(
        "Preference changed", "The victim chose other ways or times to hear", Stage.SUPPORT
    ),
    _K.OPTED_OUT: KindFacts(
        "Opted out",
        "The victim opted out",
        Stage.SUPPORT,
        details=(choice("scope", "What it covers", _SCOPES, required=True), choice("reason", "Why", _WHY_CHOSEN)),
    ),
    _K.OPTED_IN: KindFacts(
        "Opted back in",
        "The victim opted back in",
        Stage.SUPPORT,
        details=(choice("scope", "What it covers", _SCOPES, required=True), choice("reason", "Why", _WHY_CHOSEN)),
    ),
    _K.VPS_OFFERED: KindFacts(
        "Victim Personal Statement offered",
        "A Victim Personal Statement was offered",
        Stage.SUPPORT,
        details=(_VPS_POINT,),
    ),
    _K.VPS_TAKEN: KindFacts(
        "Victim Personal Statement taken",
        "A Victim Personal Statement was taken",
        Stage.SUPPORT,
        details=(
            _VPS_POINT,
            choice(
                "presented",
                "What the victim wants done with it",
                {
                    "victim": "They read it out",
                    "another": "It is read out for them",
                    "not_aloud": "It is not read out",
                    "undecided": "Not decided yet",
                },
            ),
        ),
    ),
    _K.VPS_DECLINED: KindFacts(
        "Victim Personal Statement declined",
        "The victim declined a Victim Personal Statement",
        Stage.SUPPORT,
        details=(_VPS_POINT,),
    ),
    _K.VPS_READ: KindFacts(
        "Victim Personal Statement read",
        "The Victim Personal Statement was read",
        Stage.SUPPORT,
        details=(_VPS_POINT,),
    ),
    _K.RESTORATIVE_JUSTICE_OFFERED: KindFacts(
        "Restorative justice offered", "Restorative justice was offered", Stage.SUPPORT
    ),
    _K.RESTORATIVE_JUSTICE_ANSWERED: KindFacts(
        "Restorative justice answered",
        "The victim answered the offer of restorative justice",
        Stage.SUPPORT,
        details=(choice("answer", "Answer", {"yes": "Yes", "no": "No", "later": "Ask again later"}, required=True),),
    ),
    _K.COMPENSATION_TOLD: KindFacts(
        "Compensation explained",
        "How to ask for compensation was explained",
        Stage.SUPPORT,
        details=(_COMPENSATION,),
    ),
    _K.COMPENSATION_APPLIED: KindFacts(
        "Compensation applied for",
        "The victim applied for compensation",
        Stage.SUPPORT,
        details=(_COMPENSATION,),
    ),
    _K.COMPENSATION_DECIDED: KindFacts(
        "Compensation decided",
        "Compensation was decided",
        Stage.SUPPORT,
        details=(
            _COMPENSATION,
            choice("result", "Result", {"awarded": "Awarded", "refused": "Refused"}, required=True),
        ),
    ),
    _K.SUPPORT_NEEDS_ASKED: KindFacts(
        "Support needs asked",
        "The victim was asked what support they need",
        Stage.SUPPORT,
        details=tuple(Detail(code, title, DetailType.YES_NO) for code, title in SUPPORT_NEEDS.items()),
    ),
    _K.NO_SERVICE_FITS: KindFacts(
        "No service fits",
        "No service of the directory fitted the victim",
        Stage.SUPPORT,
        details=(choice("need", "Need that nobody meets", {**SUPPORT_NEEDS, ANY_NEED: "Any support"}, required=True),),
    ),
    _K.REFERRAL_OFFERED: KindFacts(
        "Referral offered",
        "A referral to support was offered",
        Stage.SUPPORT,
        details=(Detail("specialist_offered", "Was a specialist service offered?", DetailType.YES_NO),),
    ),
    _K.REFERRAL_CONSENTED: KindFacts(
        "Referral consented to",
        "The victim agreed to a referral",
        Stage.SUPPORT,
        details=(Detail("guardian_consented", "Has a parent or guardian agreed?", DetailType.YES_NO),),
    ),
    _K.REFERRAL_DECLINED: KindFacts(
        "Referral declined",
        "The victim declined a referral",
        Stage.SUPPORT,
        details=(choice("reason", "Why, if they said", DECLINED_BECAUSE),),
    ),
    _K.REFERRAL_SENT: _of_service("Referral sent", "The victim was referred to a support service"),
    _K.REFERRAL_RECEIVED: _of_service("Referral received", "The support service received the referral"),
    _K.REFERRAL_ACCEPTED: _of_service("Referral accepted", "The support service accepted the referral"),
    _K.REFERRAL_REFUSED: _of_service(
        "Referral refused",
        "The support service refused the referral",
        choice("reason", "Why it was refused", REFUSED_BECAUSE),
    ),
    _K.SUPPORT_CONTACTED: _of_service("Support made contact", "The support service made contact with the victim"),
    _K.SUPPORT_STARTED: _of_service("Support started", "Support started"),
    _K.SUPPORT_ENDED: _of_service("Support ended", "Support ended"),
}

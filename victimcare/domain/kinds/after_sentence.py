"""After the sentence."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import KindFacts, Stage, choice
from victimcare.domain.kinds.kind import EventKind

_STEPS = {
    "change": "A change in the sentence",
    "open_possible": "May move to open conditions",
    "open": "Moved to open conditions",
    "considered": "Release or discharge is considered",
    "parole": "A hearing of the Parole Board",
    "released": "Released",
    "discharged": "Discharged",
    "recalled": "Recalled",
    "escaped": "Escaped or absconded",
    "deportation": "Deportation",
}

_K = EventKind
FACTS: Mapping[EventKind, KindFacts] = {
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
        "News of the offender",
        "News of the offender came",
        Stage.AFTER_SENTENCE,
        received=True,
        details=(choice("step", "What happened", _STEPS),),
    ),
    _K.LICENCE_CONDITIONS_ASKED: KindFacts(
        "Licence conditions asked for", "The victim asked for licence conditions", Stage.AFTER_SENTENCE
    ),
    _K.LICENCE_CONDITIONS_DECIDED: KindFacts(
        "Licence conditions decided",
        "The licence conditions that the victim asked for were decided",
        Stage.AFTER_SENTENCE,
        details=(choice("result", "Result", {"set": "Set", "in_part": "Set in part", "refused": "Not set"}),),
    ),
}

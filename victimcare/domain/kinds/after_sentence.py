"""After the sentence."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import KindFacts, Stage
from victimcare.domain.kinds.kind import EventKind

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
        "Release information", "Information about release came", Stage.AFTER_SENTENCE, received=True
    ),
}

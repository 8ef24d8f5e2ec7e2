"""Contact with the victim."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import Detail, DetailType, KindFacts, Stage, choice
from victimcare.domain.kinds.kind import EventKind

_CHANNELS = {
    "phone": "Phone call",
    "in_person": "In person",
    "letter": "Letter",
    "email": "E-mail",
    "text": "Text message",
    "video": "Video call",
}

_K = EventKind
FACTS: Mapping[EventKind, KindFacts] = {
    _K.CONTACT_MADE: KindFacts(
        "Victim told",
        "The victim was told",
        Stage.CONTACT,
        details=(choice("channel", "How", _CHANNELS, required=True),),
    ),
    _K.CONTACT_ATTEMPTED: KindFacts(
        "Contact attempted",
        "An attempt was made to reach the victim",
        Stage.CONTACT,
        details=(choice("channel", "How", _CHANNELS, required=True),),
    ),
    _K.ALSO_ANSWERED: KindFacts(
        "Contact linked to a duty",
        "An earlier contact was linked to a duty",
        Stage.CONTACT,
        details=(Detail("contact", "The contact", DetailType.LABEL, required=True),),
    ),
}

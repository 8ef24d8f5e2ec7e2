"""Contact with the victim."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import Detail, DetailType, KindFacts, Stage, choice
from victimcare.domain.kinds.kind import EventKind
from victimcare.domain.needs_asked import AGENCIES

_CHANNELS = {
    "phone": "Phone call",
    "in_person": "In person",
    "letter": "Letter",
    "email": "E-mail",
    "text": "Text message",
    "video": "Video call",
}

WISHES: Mapping[str, str] = {
    "news": "News of the case",
    "support": "Support",
    "safety": "Help with their safety",
    "property": "Their property",
    "court": "Going to court",
    "compensation": "Compensation",
    "complaint": "To complain",
    "less_contact": "Less contact",
    "something_else": "Something else",
}
"""What a victim asks for when they are spoken to: codes and words, this service's and not the Code's."""

CHANNEL = "channel"
"""The detail that says how somebody was contacted."""
MADE_BY = "agency"
"""The detail that says which agency made a contact, where it is not the police."""
WRITTEN = frozenset({"letter", "email", "text"})
"""The ways of contact that are writing."""
UNWRITTEN = "unwritten"
"""The detail that says why a duty that is to be kept in writing was kept by a contact that is none."""
UNWRITTEN_BECAUSE: Mapping[str, str] = {
    "also_written": "They were given it in writing too",
    "not_safe": "Writing was not safe for them",
}
PROMISED = "next_contact_on"
"""The detail with the day by which the victim was promised to hear again."""


def wish_detail(code: str) -> str:
    """The name of the detail that says whether the victim asked for this."""
    return f"wants_{code}"


_WANTED = tuple(
    Detail(wish_detail(code), f"Asked for: {words[:1].lower()}{words[1:]}", DetailType.YES_NO)
    for code, words in WISHES.items()
)

_UNWRITTEN = choice(UNWRITTEN, "In writing", UNWRITTEN_BECAUSE)
_OTHERS = {"cps": "Crown Prosecution Service", "probation": "Probation Service", "yot": "Youth Offending Team"}
_MADE_BY = choice(MADE_BY, "Made by", {**AGENCIES, **_OTHERS})

_K = EventKind
FACTS: Mapping[EventKind, KindFacts] = {
    _K.CONTACT_MADE: KindFacts(
        "Contact with the victim",
        "The victim was contacted",
        Stage.CONTACT,
        details=(
            choice(CHANNEL, "How", _CHANNELS, required=True),
            Detail("no_news", "No news to tell", DetailType.YES_NO),
            *_WANTED,
            Detail(PROMISED, "Next contact promised by", DetailType.DATE),
            _UNWRITTEN,
            _MADE_BY,
        ),
    ),
    _K.CONTACT_ATTEMPTED: KindFacts(
        "Contact attempted",
        "An attempt was made to reach the victim",
        Stage.CONTACT,
        details=(
            choice(CHANNEL, "How", _CHANNELS, required=True),
            Detail("voicemail", "A voicemail was left", DetailType.YES_NO),
            Detail("someone_else", "Someone else answered", DetailType.YES_NO),
            _MADE_BY,
        ),
    ),
    _K.ALSO_ANSWERED: KindFacts(
        "Contact linked to a duty",
        "An earlier contact was linked to a duty",
        Stage.CONTACT,
        details=(Detail("contact", "The contact", DetailType.LABEL, required=True), _UNWRITTEN),
    ),
}

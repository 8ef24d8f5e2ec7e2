"""Other ways in which a duty ends."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import Detail, DetailType, KindFacts, Stage, reason
from victimcare.domain.kinds.kind import EventKind

_K = EventKind
FACTS: Mapping[EventKind, KindFacts] = {
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
        details=(reason(),),
    ),
    _K.DUTY_NOT_SAFE: KindFacts(
        "Not safe to inform",
        "It was not safe to tell the victim",
        Stage.DUTY,
        details=(reason(),),
    ),
    _K.GOOD_REASON_REQUESTED: KindFacts(
        "Good reason asked for",
        "A good reason not to comply was put forward",
        Stage.DUTY,
        details=(reason(),),
    ),
    _K.GOOD_REASON_AGREED: KindFacts("Good reason agreed", "A supervisor agreed the good reason", Stage.DUTY),
    _K.GOOD_REASON_REFUSED: KindFacts("Good reason refused", "A supervisor refused the good reason", Stage.DUTY),
}

"""A complaint about the victim's rights."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import Detail, DetailType, KindFacts, Stage
from victimcare.domain.kinds.kind import EventKind

_K = EventKind
FACTS: Mapping[EventKind, KindFacts] = {
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
}

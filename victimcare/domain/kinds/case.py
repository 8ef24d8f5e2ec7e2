"""The case itself: who holds it, and whether it is open."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import Detail, DetailType, KindFacts, Stage, reason
from victimcare.domain.kinds.kind import EventKind

_K = EventKind
FACTS: Mapping[EventKind, KindFacts] = {
    _K.OFFICER_ASSIGNED: KindFacts(
        "Case officer assigned",
        "A case officer was assigned",
        Stage.CASE,
        details=(
            Detail("officer", "Case officer", DetailType.LABEL, required=True),
            Detail("team", "Team", DetailType.LABEL, required=True),
            Detail("why", "Why this officer", DetailType.LABEL),
        ),
    ),
    _K.CASE_CLOSED: KindFacts("Case closed", "The case was closed", Stage.CASE),
    _K.CASE_REOPENED: KindFacts("Case reopened", "The case was reopened", Stage.CASE),
    _K.CASE_VOIDED: KindFacts(
        "Case void or a duplicate",
        "The case was found to be void or a duplicate",
        Stage.CASE,
        details=(
            reason(),
            Detail("second_person", "Second person", DetailType.LABEL, required=True),
        ),
    ),
}

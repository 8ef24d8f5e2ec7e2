"""The case itself: who holds it, and whether it is open."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import Detail, DetailType, KindFacts, Stage, choice
from victimcare.domain.kinds.kind import EventKind

_K = EventKind
_WHY_VOID = {
    "duplicate": "It is a duplicate of another case",
    "not_this_crime": "This person is no victim of this crime",
    "not_a_crime": "It turned out not to be a crime",
    "recorded_by_mistake": "It was recorded by mistake, or as a test",
}
WHY_CORRECTED = {
    "written_down_wrongly": "It was written down wrongly",
    "not_known_then": "It was not known then",
    "another_person": "It was somebody else’s",
    "changed": "It has changed since",
}
"""Why what is known of a victim is corrected."""

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
    _K.VICTIM_CORRECTED: KindFacts(
        "Victim’s details corrected",
        "What is known of the victim was corrected",
        Stage.CASE,
        details=(
            Detail("what", "What was corrected", DetailType.LABEL, required=True),
            choice("reason", "Reason", WHY_CORRECTED, required=True),
            Detail("changed_on", "Changed on", DetailType.DATE),
        ),
    ),
    _K.CASE_CLOSED: KindFacts("Case closed", "The case was closed", Stage.CASE),
    _K.CASE_REOPENED: KindFacts("Case reopened", "The case was reopened", Stage.CASE),
    _K.CASE_VOID_REQUESTED: KindFacts(
        "Asked to void the case",
        "Somebody asked for the case to be made void",
        Stage.CASE,
        details=(choice("reason", "Reason", _WHY_VOID, required=True),),
    ),
    _K.CASE_VOID_REFUSED: KindFacts(
        "Voiding refused",
        "A supervisor refused to make the case void",
        Stage.CASE,
        details=(Detail("request", "The request", DetailType.LABEL, required=True),),
    ),
    _K.CASE_VOIDED: KindFacts(
        "Case void or a duplicate",
        "The case was found to be void or a duplicate",
        Stage.CASE,
        details=(
            choice("reason", "Reason", _WHY_VOID, required=True),
            Detail("second_person", "Second person", DetailType.LABEL, required=True),
        ),
    ),
}

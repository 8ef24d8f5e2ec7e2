"""The investigation, suspect by suspect."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import KindFacts, Stage, of_suspect
from victimcare.domain.kinds.kind import EventKind

_K = EventKind
FACTS: Mapping[EventKind, KindFacts] = {
    _K.SUSPECT_ARRESTED: of_suspect("Suspect arrested", "A suspect was arrested", Stage.INVESTIGATION),
    _K.SUSPECT_INTERVIEWED: of_suspect(
        "Suspect interviewed under caution", "A suspect was interviewed under caution", Stage.INVESTIGATION
    ),
    _K.SUSPECT_RELEASED_WITHOUT_CHARGE: of_suspect(
        "Suspect released without charge", "A suspect was released without charge", Stage.INVESTIGATION
    ),
    _K.SUSPECT_BAILED: of_suspect(
        "Suspect released on police bail", "A suspect was released on police bail", Stage.INVESTIGATION
    ),
    _K.SUSPECT_RELEASED_UNDER_INVESTIGATION: of_suspect(
        "Suspect released under investigation",
        "A suspect was released under investigation",
        Stage.INVESTIGATION,
    ),
    _K.BAIL_CONDITIONS_CHANGED: of_suspect(
        "Bail conditions changed", "A suspect's police bail conditions were changed", Stage.INVESTIGATION
    ),
    _K.BAIL_CANCELLED: of_suspect("Bail cancelled", "A suspect's police bail was cancelled", Stage.INVESTIGATION),
    _K.PROPERTY_HELD: KindFacts("Property held", "Property was kept as evidence", Stage.INVESTIGATION, "property"),
}

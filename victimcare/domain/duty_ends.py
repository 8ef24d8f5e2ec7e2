"""The ways in which a person ends a duty otherwise than by keeping it, each with its reasons."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.journey import Value

WAYS = (
    (EventKind.DUTY_DECLINED, "The victim declined it"),
    (EventKind.DUTY_NOT_APPLICABLE, "It does not apply"),
    (EventKind.DUTY_NOT_SAFE, "It is not safe to tell them"),
    (EventKind.GOOD_REASON_REQUESTED, "There is a good reason not to do it in time"),
)
"""What each is called where one is chosen. A good reason is asked for: a supervisor decides."""


def reasons(kind: EventKind) -> tuple[tuple[str, str], ...]:
    """The reasons that an event of this kind may give: code and words."""
    choices = next(detail.choices for detail in EVENT_KINDS[kind].details if detail.name == "reason")
    return tuple((choices or {}).items())


def reason_in_words(kind: EventKind, details: Mapping[str, Value]) -> str:
    """The reason that an event of this kind gave; as it was given, where that was before there were codes."""
    code = str(details.get("reason", ""))
    return dict(reasons(kind)).get(code, code)

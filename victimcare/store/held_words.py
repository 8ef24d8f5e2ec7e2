"""What is held, in plain words where the program has them: for whoever reads what is held on them.

A code that nothing here knows stays as it is: nothing is hidden for want of a word.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from victimcare.domain.event_kinds import EVENT_KINDS, Detail, DetailType, EventKind
from victimcare.domain.explanation import in_words
from victimcare.domain.hearing_choices import MEANS
from victimcare.domain.hearing_times import SAFE_AT
from victimcare.domain.left_messages import WANTS
from victimcare.domain.needs_asked import AGENCIES, COMMUNICATION, DISABILITY, INTERPRETER, MEASURES, STAGES

_CODES: Mapping[str, Mapping[str, str]] = {
    "message.channel": MEANS,
    "left_message.wants": WANTS,
    "contact_choice.means": MEANS,
    "contact_choice.times": SAFE_AT,
    "needs_assessment.agency": AGENCIES,
    "needs_assessment.stage": STAGES,
    "needs_assessment.interpreter": INTERPRETER,
    "needs_assessment.communication": COMMUNICATION,
    "needs_assessment.disability": DISABILITY,
    "needs_assessment.measures": MEASURES,
}
"""By column, the words of its codes; a column may hold several, with commas between."""
_OF_THE_MACHINERY = frozenset({"contact", "request", "link"})
_OF_STAFF = frozenset({"officer", "second_person"})
_TELL_PLACES = frozenset({"team", "why"})
"""The team of an officer is that of an area."""


def in_plain_words(name: str, value: str) -> str:
    """The value of this column, as "table.column"."""
    words = _CODES.get(name)
    if words is None:
        return value
    return ", ".join(words.get(each, each) for each in value.split(",") if each)


def details_in_plain_words(kind: str, stored: str, *, without_places: bool) -> str:
    """The details of an event of this kind: of staff nobody, and of a protected location no team."""
    known = {detail.name: detail for detail in EVENT_KINDS[EventKind(kind)].details}
    hidden = _OF_THE_MACHINERY | _OF_STAFF | _TELL_PLACES
    if not without_places:
        hidden -= {"why"}
    said = (
        f"{known[name].label if name in known else name}: {_value(known.get(name), value)}"
        for name, value in json.loads(stored).items()
        if name not in hidden and value not in ("", None)
    )
    return "; ".join(said)


def _value(detail: Detail | None, value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if detail is not None and detail.type is DetailType.DATE:
        return in_words(date.fromisoformat(str(value)))
    words = (detail.choices if detail is not None else None) or {}
    return words.get(str(value), str(value))

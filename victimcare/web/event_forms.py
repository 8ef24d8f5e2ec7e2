"""The form for each kind of event, made from what the kind must say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, Literal

from pydantic import Field, create_model

from victimcare.commands.record_event import NewEvent
from victimcare.domain.event_kinds import EVENT_KINDS, Detail, DetailType, EventKind
from victimcare.domain.journey import DutyNamed, Moment, Value
from victimcare.web.forms import Form
from victimcare.web.typed_dates import DateTyped, TimeTyped, london_instant

SUBJECT_WORDS = {
    "suspect": "Suspect",
    "hearing": "Hearing",
    "claim": "Claim",
    "complaint": "Complaint",
    "property": "Property",
    "service": "Support service",
    "appeal": "Appeal",
}
_NUMBERED = ("suspect", "hearing")


class EventForm(Form):
    """What the form of every kind has. `version` is that of the case that the person had before them."""

    version: int = Field(title="Version of the case")
    events_seen: int = Field(title="Events seen")
    happened_on: DateTyped = Field(title="Date it happened", description="Enter the date it happened")
    happened_time: TimeTyped | None = Field(None, title="Time", description="Enter a time, or leave it empty")
    duties: list[str] = Field([], title="What it answered", max_length=100)
    told: list[str] = Field([], title="What was told", max_length=300)

    def happened(self) -> Moment:
        """When it happened. Raises ValueError, in words, for a time that the clocks skipped."""
        if self.happened_time is None:
            return Moment.day(self.happened_on)
        return Moment.instant(london_instant(self.happened_on, self.happened_time))


@cache
def form_of(kind: EventKind) -> type[EventForm]:
    """The form's model for this kind of event."""
    facts = EVENT_KINDS[kind]
    fields: dict[str, Any] = {}
    if facts.received:
        fields["received_on"] = (
            DateTyped,
            Field(title="Date received", description="Enter the date on which the news was received"),
        )
    if facts.subject:
        words = SUBJECT_WORDS[facts.subject]
        required = facts.subject in _NUMBERED
        about = Field(title=words, description=f"Enter which {words.lower()} it is about", max_length=40)
        fields["subject"] = (str, about) if required else (str, _optional(words))
    for detail in facts.details:
        fields[f"detail_{detail.name}"] = _field(detail)
    return create_model(f"{kind.name.title()}Form", __base__=EventForm, **fields)


def new_event(kind: EventKind, form: EventForm, answers: Sequence[DutyNamed] = ()) -> NewEvent:
    """What the filled-in form asks to record. Raises ValueError, in words, for a time that did not exist."""
    facts = EVENT_KINDS[kind]
    received_on: date | None = getattr(form, "received_on", None)
    details: dict[str, Value] = {}
    for detail in facts.details:
        value = getattr(form, f"detail_{detail.name}")
        if value not in (None, ""):
            details[detail.name] = value == "yes" if detail.type is DetailType.YES_NO else value
    return NewEvent(
        kind=kind,
        happened=form.happened(),
        received=Moment.day(received_on) if received_on else None,
        subject=getattr(form, "subject", "") or None,
        details=details,
        duties=answers,
    )


def options_of(detail: Detail, tiers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What can be chosen for a detail; empty where it is typed in."""
    if detail.type is DetailType.YES_NO:
        return [("yes", "Yes"), ("no", "No"), ("", "Not yet known")]
    if detail.name == "tier":
        return list(tiers)
    return list((detail.choices or {}).items())


def _optional(title: str) -> Any:
    return Field("", title=title, max_length=40)


def _field(detail: Detail) -> tuple[Any, Any]:
    asked = f"Enter {detail.label[:1].lower()}{detail.label[1:]}".rstrip("?")
    about: dict[str, Any] = {"title": detail.label.rstrip("?"), "description": asked}
    if detail.type is DetailType.DATE:
        return (DateTyped, Field(**about)) if detail.required else (DateTyped | None, Field(None, **about))
    if detail.type is DetailType.YES_NO:
        return Literal["yes", "no", ""], Field("", **about)
    if detail.type is DetailType.NUMBER:
        limits: dict[str, Any] = {"ge": 0, "le": 10_000}
        return (int, Field(**about, **limits)) if detail.required else (int | None, Field(None, **about, **limits))
    if detail.choices:
        chosen: dict[str, Any] = {"title": detail.label.rstrip("?"), "description": f"Choose {asked[6:]}"}
        known = Literal[tuple(detail.choices)]  # type: ignore[valid-type]
        return (known, Field(**chosen)) if detail.required else (known | None, Field(None, **chosen))
    return (str, Field(**about, max_length=80)) if detail.required else (str, Field("", **about, max_length=80))

"""What each kind of event must say when a system records it: made from what the kind must say, as the forms are."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, create_model

from victimcare.commands.record_event import NewEvent
from victimcare.domain.agencies import RECORDED_BY
from victimcare.domain.calendar import FIRST_DAY, LAST_DAY
from victimcare.domain.case import EventRefused
from victimcare.domain.event_kinds import EVENT_KINDS, Detail, EventKind
from victimcare.domain.journey import DutyNamed, Moment, Value
from victimcare.domain.kinds.contact import CHANNEL, MADE_BY
from victimcare.domain.locations_in_text import told_in
from victimcare.exchange.said_details import LABEL, Said, detail_field, name_of
from victimcare.exchange.said_moments import MomentSaid

_LATEST = LAST_DAY.replace(year=2098)


class Answered(Said):
    """A duty that the event answered, by the name that reading the case gave it, and what of it the victim was told."""

    duty: str = Field(pattern=r"^[0-9A-Z-]{1,40}:[0-9A-Za-z_-]{1,64}$", examples=["R8-HEAR:01JW3V5G"])
    told: list[Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]] = Field([], max_length=20, examples=[["date"]])


class EventBody(Said):
    """What an event of every kind says."""

    kind: str
    happened_at: MomentSaid = Field(description="When it happened: never in the future.")


@cache
def body_of(kind: EventKind) -> type[EventBody]:
    """The body that records an event of this kind."""
    facts = EVENT_KINDS[kind]
    fields: dict[str, Any] = {"kind": (Literal[kind.value], Field(description=facts.title))}
    if facts.received:
        fields["received_at"] = (
            MomentSaid | None,
            Field(None, description="When the Witness Care Unit received it. Left out: as this arrives."),
        )
    if facts.subject:
        about: dict[str, Any] = {"pattern": LABEL, "description": f"Which {facts.subject}, by its label."}
        about["examples"] = [f"{facts.subject.capitalize()} 1"]
        numbered = facts.subject in ("suspect", "hearing")
        fields["subject"] = (str, Field(**about)) if numbered else (str | None, Field(None, **about))
    details: Any = {detail.name: detail_field(kind, detail) for detail in _details_of(kind)}
    if details:
        name = f"{name_of(kind)}Details"
        of_kind = create_model(name, __base__=Said, **details)
        required = any(detail.required for detail in _details_of(kind))
        fields["details"] = (of_kind, ...) if required else (of_kind, Field(default_factory=of_kind))
    named: dict[str, Any] = {"max_length": 20, "description": "The duties of yours that it answered."}
    if kind is EventKind.CONTACT_MADE:
        fields["answers"] = (list[Answered], Field(min_length=1, **named))
    else:
        fields["answers"] = (list[Answered], Field([], **named))
    return create_model(f"{name_of(kind)}Event", __base__=EventBody, **fields)


def _details_of(kind: EventKind) -> list[Detail]:
    """Of a contact no more than how: what the victim wants, and when they hear again, they tell the police."""
    details = EVENT_KINDS[kind].details
    if kind is EventKind.CONTACT_MADE:
        return [detail for detail in details if detail.name == CHANNEL]
    return [detail for detail in details if detail.name != MADE_BY]


def _every_body() -> Any:
    kinds = sorted({kind for own in RECORDED_BY.values() for kind in own})
    union: Any = body_of(kinds[0])
    for kind in kinds[1:]:
        union = union | body_of(kind)
    return Annotated[union, Field(discriminator="kind")]


def new_event(said: EventBody) -> NewEvent:
    """What the body asks to record. Raises `EventRefused` for what no form of a body can say."""
    kind = EventKind(said.kind)
    received: Moment | None = getattr(said, "received_at", None)
    subject: str | None = getattr(said, "subject", None)
    details = _values(said)
    for field, on in [("happened_at", said.happened_at.on), ("received_at", received.on if received else None)]:
        _check_day(kind, field, on)
    for field, value in details.items():
        _check_day(kind, f"details.{field}", value if isinstance(value, date) else None)
    if subject and told_in(subject):
        raise EventRefused(kind, "subject", "a label must tell no place, number or address")
    answers: list[Answered] = getattr(said, "answers", [])
    if len({each.duty for each in answers}) != len(answers):
        raise EventRefused(kind, "answers", "a duty is named twice")
    named = tuple(DutyNamed(*_named(each.duty), frozenset(each.told)) for each in answers)
    return NewEvent(kind, said.happened_at, received=received, subject=subject, details=details, duties=named)


def _values(said: EventBody) -> dict[str, Value]:
    details: Said | None = getattr(said, "details", None)
    if details is None:
        return {}
    return {name: value for name in type(details).model_fields if (value := getattr(details, name)) is not None}


def _named(duty: str) -> tuple[str, str]:
    rule, _, start = duty.partition(":")
    return rule, start


def _check_day(kind: EventKind, field: str, on: date | None) -> None:
    if on is not None and not FIRST_DAY <= on <= _LATEST:
        raise EventRefused(kind, field, f"it must be a day from {FIRST_DAY.year} to {_LATEST.year}")


EVENT: TypeAdapter[EventBody] = TypeAdapter(_every_body())
"""An event of any kind that some agency records."""

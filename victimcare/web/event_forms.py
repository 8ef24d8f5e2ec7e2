"""The form for each kind of event, made from what the kind must say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, create_model

from victimcare.commands.record_event import NewEvent
from victimcare.domain.calendar import FIRST_DAY, LAST_DAY
from victimcare.domain.code import Edition
from victimcare.domain.event_kinds import EVENT_KINDS, Detail, DetailType, EventKind
from victimcare.domain.journey import DutyNamed, Value
from victimcare.editions.outcome_types import outcome_types_of
from victimcare.web.case_forms import C, CaseForm
from victimcare.web.day_check import MayDoubtDay
from victimcare.web.forms import FieldRefused, Submitted
from victimcare.web.location_check import Label
from victimcare.web.typed_dates import DateTyped, TimeTyped
from victimcare.web.typed_moments import moment_typed, received_typed

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
ANOTHER = "another"
"""What the form sends where the subject is none of those recorded so far."""
_CHOSEN_FROM_DATA = ("tier", "complained_of", "outcome_type")
_LATEST = 2098
_MOST = 10_000


def _within_calendar(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY.replace(year=_LATEST):
        raise ValueError(f"must be a day from {FIRST_DAY.year} to {_LATEST}")
    return day


CountedDay = Annotated[DateTyped, AfterValidator(_within_calendar)]
"""A date from which working days can be counted."""


class EventForm(CaseForm, MayDoubtDay):
    """What the form of every kind has."""

    happened_on: CountedDay = Field(title="Date it happened", description="Enter the date it happened")
    happened_time: TimeTyped | None = Field(None, title="Time", description="Enter a time, or leave it empty")
    duties: list[str] = Field([], title="What it answered", max_length=100)
    told: list[str] = Field([], title="What was told", max_length=300)
    answers_none: Literal["yes", ""] = Field("", title="None of them")


@cache
def form_of(kind: EventKind) -> type[EventForm]:
    """The form's model for this kind of event."""
    facts = EVENT_KINDS[kind]
    fields: dict[str, Any] = {}
    if facts.received:
        fields["received_on"] = (
            CountedDay,
            Field(title="Date received", description="Enter the date on which the news was received"),
        )
    if facts.subject:
        words = SUBJECT_WORDS[facts.subject]
        required = facts.subject in _NUMBERED
        about = Field(title=words, description=f"Enter which {words.lower()} it is about", max_length=40)
        fields["subject"] = (Label, about) if required else (Label, _optional(words))
        fields["another_subject"] = (Label, _optional(f"Another {words.lower()}"))
    for detail in facts.details:
        fields[f"detail_{detail.name}"] = _field(detail)
    return create_model(f"{kind.name.title()}Form", __base__=EventForm, **fields)


def new_event(kind: EventKind, form: EventForm, answers: Sequence[DutyNamed] = (), *, now: datetime) -> NewEvent:
    """What the filled-in form asks to record. Raises `FieldRefused`."""
    facts = EVENT_KINDS[kind]
    happened = moment_typed(form.happened_on, form.happened_time, now=now)
    received_on: date | None = getattr(form, "received_on", None)
    details: dict[str, Value] = {}
    for detail in facts.details:
        value = getattr(form, f"detail_{detail.name}")
        if value not in (None, ""):
            details[detail.name] = value == "yes" if detail.type is DetailType.YES_NO else value
    return NewEvent(
        kind=kind,
        happened=happened,
        received=received_typed(received_on, happened, now=now) if received_on else None,
        subject=_subject_of(form),
        details=details,
        duties=answers,
    )


def _subject_of(form: EventForm) -> str | None:
    """The label that was chosen, or the new one that was typed; never one of two."""
    chosen, typed = getattr(form, "subject", ""), getattr(form, "another_subject", "")
    if chosen == ANOTHER and not typed:
        raise FieldRefused("another_subject", "Enter a label for the new one, or choose one of those recorded so far")
    if typed and chosen != ANOTHER:
        raise FieldRefused("another_subject", "Leave this empty, or choose Another")
    return typed or chosen or None


def options_of(kind: EventKind, edition: Edition, names: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen for each detail of the kind, by its name; empty where it is typed in.

    `names` overrides the edition's names of agencies.
    """
    from_data = {
        "outcome_type": outcome_types_of(kind),
        "tier": [(tier.id, tier.title) for tier in edition.tiers],
        "complained_of": [(agency, names.get(agency, name)) for agency, name in edition.agencies.items()],
    }
    options = {}
    for detail in EVENT_KINDS[kind].details:
        yes_or_no = [("yes", "Yes"), ("no", "No"), ("", "Not yet known")] if detail.type is DetailType.YES_NO else []
        options[detail.name] = yes_or_no or from_data.get(detail.name) or list((detail.choices or {}).items())
    return options


def refuse_unknown_choices(form: Submitted[C], options: Mapping[str, Sequence[tuple[str, str]]]) -> Submitted[C]:
    """The form with an error at each choice that was not offered: those that only the data know."""
    for name, offered in options.items():
        field = f"detail_{name}"
        if form.values is not None and offered and (getattr(form.values, field) or "") not in ("", *dict(offered)):
            form = form.with_error(field, form.model.model_fields[field].description or "")
    return form


def _optional(title: str) -> Any:
    return Field("", title=title, max_length=40)


def _field(detail: Detail) -> tuple[Any, Any]:
    label = detail.label.rstrip("?")
    of_several = detail.choices or detail.name in _CHOSEN_FROM_DATA
    asked = f"{'Choose' if of_several else 'Enter'} {label[:1].lower()}{label[1:]}"
    about: dict[str, Any] = {"title": label, "description": asked}
    if detail.type is DetailType.DATE:
        return (CountedDay, Field(**about)) if detail.required else (CountedDay | None, Field(None, **about))
    if detail.type is DetailType.YES_NO:
        return Literal["yes", "no", ""], Field("", **about)
    if detail.type is DetailType.NUMBER:
        least = 1 if detail.required else 0
        about["description"] = f"{label} must be a whole number from {least} to {_MOST:,}"
        limits: dict[str, Any] = {"ge": least, "le": _MOST}
        return (int, Field(**about, **limits)) if detail.required else (int | None, Field(None, **about, **limits))
    if detail.choices:
        known = Literal[tuple(detail.choices)]  # type: ignore[valid-type]
        return (known, Field(**about)) if detail.required else (known | None, Field(None, **about))
    return (str, Field(**about, max_length=80)) if detail.required else (str, Field("", **about, max_length=80))

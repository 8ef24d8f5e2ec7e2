"""The form that corrects an event: what was wrong, and what is right, in the fields of the event's own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from pydantic import Field, create_model

from victimcare.commands.record_event import NewEvent
from victimcare.domain.event_kinds import EVENT_KINDS, Detail, EventKind, Stage
from victimcare.domain.journey import Correction, DutyNamed, JourneyEvent, Moment, Value
from victimcare.presentation.words import clock, day, month
from victimcare.web.case_forms import CheckedForm
from victimcare.web.event_forms import EventForm, form_of, new_event
from victimcare.web.forms import FieldRefused
from victimcare.web.typed_dates import typed_parts

Options = Mapping[str, Sequence[tuple[str, str]]]
_NAMES_ANOTHER = ("contact", "request", "second_person")
"""Details that name another event or a person: no form types them, a correction keeps them."""
_STARTS_NOTHING = (Stage.CONTACT, Stage.DUTY, Stage.CASE)
_WAYS = {
    Correction.AMENDS: ("A date or a detail was wrong", "What the victim was told stays told."),
    Correction.CHANGES_NEWS: (
        "The news itself was wrong",
        "The victim was told the wrong thing and must be told again. The first deadline stands.",
    ),
    Correction.NEVER_HAPPENED: ("It never happened", "It was recorded by mistake, or on the wrong case."),
}
_HAPPENED_AFTER_ALL = ("It did happen after all", "Check what is said of it below.")


class CorrectionForm(CheckedForm):
    """What every correction says beside the fields of the kind. `keeps`: the duties that it still names."""

    correction: Literal["amends", "changes_news", "never_happened"] = Field(
        title="What was wrong", description="Choose what was wrong"
    )
    keeps: list[str] = Field([], title="What it is about", max_length=100)


@cache
def correction_form_of(kind: EventKind) -> type[CorrectionForm]:
    """The model of the form that corrects an event of this kind; also an `EventForm`."""
    kept: dict[str, Any] = {f"detail_{detail.name}": (str, "") for detail in _named_elsewhere(kind)}
    bases: Any = (form_of(kind), CorrectionForm)
    made: type[CorrectionForm] = create_model(f"{kind.name.title()}Correction", __base__=bases, **kept)
    return made


def typed_details(kind: EventKind) -> tuple[Detail, ...]:
    """The details of the kind that the form shows."""
    return tuple(detail for detail in EVENT_KINDS[kind].details if detail.name not in _NAMES_ANOTHER)


def ways(event: JourneyEvent) -> list[tuple[str, str, str]]:
    """What can have been wrong with the event: value, words and hint."""
    if event.correction is Correction.NEVER_HAPPENED:
        return [(Correction.AMENDS.value, *_HAPPENED_AFTER_ALL)]
    told = EVENT_KINDS[event.kind].stage not in _STARTS_NOTHING
    return [(way.value, *words) for way, words in _WAYS.items() if told or way is not Correction.CHANGES_NEWS]


def filled_in(event: JourneyEvent) -> dict[str, str | list[str]]:
    """The form's fields as they were recorded, as `forms.blank` takes them."""
    fields: dict[str, str | list[str]] = {**typed_parts("happened_on", event.happened.on)}
    fields["happened_time"] = clock(event.happened.at) if event.happened.at else ""
    fields["keeps"] = [_value(duty) for duty in event.duties]
    if event.received:
        fields.update(typed_parts("received_on", event.received.on))
    if event.subject:
        fields["subject"] = event.subject
    for detail in typed_details(event.kind):
        value = event.details.get(detail.name)
        if isinstance(value, date):
            fields.update(typed_parts(f"detail_{detail.name}", value))
        elif value is not None:
            fields[f"detail_{detail.name}"] = _as_typed(value)
    return fields


def correction_of(event: JourneyEvent, form: CorrectionForm, *, now: datetime) -> NewEvent:
    """The correction as an event. Raises `FieldRefused`, also where nothing is different.

    What was typed as it stood stays exactly as it was known: to the month, or to the second.
    """
    way = Correction(form.correction)
    as_it_was = NewEvent.correcting(event, way)
    if way is Correction.NEVER_HAPPENED:
        return as_it_was
    assert isinstance(form, EventForm)  # noqa: S101 - for the type: every correction form is one
    typed = new_event(event.kind, form, now=now)
    right = replace(
        as_it_was,
        happened=event.happened if _same(form, event.happened) else typed.happened,
        received=event.received if _same_day(typed.received, event.received) else typed.received,
        subject=typed.subject,
        details={**_kept_details(event), **typed.details},
        duties=tuple(duty for duty in event.duties if _value(duty) in form.keeps),
    )
    if right == as_it_was and way is Correction.AMENDS and event.correction is not Correction.NEVER_HAPPENED:
        raise FieldRefused("correction", "Nothing is different from what was recorded: put it right below")
    return right


def differences(before: JourneyEvent, after: NewEvent, options: Options) -> list[tuple[str, str, str]]:
    """What is different: the name of each field, what was recorded and what is right, in words."""
    if after.correction is Correction.NEVER_HAPPENED:
        return []
    old, new = _in_words(before, options), _in_words(after, options)
    return [(name, old.get(name, ""), new.get(name, "")) for name in {**old, **new} if old.get(name) != new.get(name)]


def _in_words(event: JourneyEvent | NewEvent, options: Options) -> dict[str, str]:
    happened, received = event.happened, event.received
    words = {"When it happened": month(happened.on) if happened.precision.value == "month" else day(happened.on)}
    words["Time"] = clock(happened.at) if happened.at else ""
    words["Received"] = day(received.on) if received else ""
    words["About"] = event.subject or ""
    for detail in typed_details(event.kind):
        words[detail.label] = _value_in_words(event.details.get(detail.name), dict(options.get(detail.name, ())))
    words["Duties that it names"] = str(len(event.duties))
    return words


def _value_in_words(value: Value | None, choices: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return day(value) if isinstance(value, date) else choices.get(str(value), str(value))


def _named_elsewhere(kind: EventKind) -> tuple[Detail, ...]:
    return tuple(detail for detail in EVENT_KINDS[kind].details if detail.name in _NAMES_ANOTHER)


def _kept_details(event: JourneyEvent) -> dict[str, Value]:
    """What no field of the form shows."""
    shown = {detail.name for detail in typed_details(event.kind)}
    return {name: value for name, value in event.details.items() if name not in shown}


def _same(form: EventForm, happened: Moment) -> bool:
    typed = clock(form.happened_time) if form.happened_time else ""
    return form.happened_on == happened.on and typed == (clock(happened.at) if happened.at else "")


def _same_day(one: Moment | None, other: Moment | None) -> bool:
    return (one.on if one else None) == (other.on if other else None)


def _as_typed(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _value(duty: DutyNamed) -> str:
    return f"{duty.rule}:{duty.start}"

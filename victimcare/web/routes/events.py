"""Recording what happened: choose the kind, then say when and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from victimcare.commands.record_event import CaseChanged, NewEvent, record_event
from victimcare.commands.use_form import use_form
from victimcare.domain.calendar import DayOutsideCalendar
from victimcare.domain.case import EventRefused
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind, KindFacts, Stage
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage, DutyView, is_recorded_by_people, kinds_by_stage
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.answers import answers_of, ticked_for
from victimcare.web.case_reading import TheCases, recorded_since
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheLaw, TheSettings, Today
from victimcare.web.event_forms import (
    SUBJECT_WORDS,
    EventForm,
    form_of,
    new_event,
    options_of,
    refuse_unknown_choices,
)
from victimcare.web.forms import Submitted, TheFormData, blank, read
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import typed_parts
from victimcare.web.typed_moments import NotThen

router = APIRouter()

Options = dict[str, list[tuple[str, str]]]


def offered(kind: EventKind) -> EventKind:
    """The kind in the address where people record it with this form. For any other there is no such page."""
    if not is_recorded_by_people(kind):
        raise HTTPException(404)
    return kind


OfferedKind = Annotated[EventKind, Depends(offered)]


def choices(kind: OfferedKind, law: TheLaw, settings: TheSettings) -> Options:
    """What can be chosen for each detail of the kind."""
    return options_of(kind, law.code.latest, {"police": settings.force_name})


TheOptions = Annotated[Options, Depends(choices)]


@dataclass(frozen=True, slots=True)
class KindsView:
    """The kinds of event to choose from, by stage."""

    case: CasePage
    stages: dict[Stage, list[tuple[EventKind, str]]]


@dataclass(frozen=True, slots=True)
class EventView:
    """The form of one kind of event. `changed`: what somebody else recorded meanwhile."""

    case: CasePage
    kind: EventKind
    facts: KindFacts
    subject_words: str
    options: Options
    duties: tuple[DutyView, ...]
    changed: tuple[TimelineEntry, ...] = ()


@router.get("/cases/{ref}/events", dependencies=[policy(Action.RECORD_EVENT)])
def choose_kind(request: Request, ref: CaseRef, cases: TheCases) -> Response:
    """What happened? The kinds of event, by stage of the journey."""
    return render(request, "events/choose.html", KindsView(cases.read(ref), kinds_by_stage()))


@router.get("/cases/{ref}/events/{kind}", dependencies=[policy(Action.RECORD_EVENT)])
def event_form(
    request: Request,
    ref: CaseRef,
    kind: OfferedKind,
    options: TheOptions,
    cases: TheCases,
    today: Today,
    duty: str = "",
) -> Response:
    """The form of one kind of event, today's date filled in; no duty is ticked but the one whose row opened it."""
    view = _view(cases.read(ref), kind, options)
    form = blank(
        form_of(kind),
        version=str(view.case.version),
        events_seen=str(len(view.case.timeline)),
        duties=ticked_for(view.duties, duty),
        **typed_parts("happened_on", today),
        **(typed_parts("received_on", today) if view.facts.received else {}),
    )
    return render(request, "events/new.html", view, form=form)


@router.post("/cases/{ref}/events/{kind}", dependencies=[policy(Action.RECORD_EVENT)])
def record(
    request: Request,
    ref: CaseRef,
    kind: OfferedKind,
    options: TheOptions,
    data: TheFormData,
    cases: TheCases,
    database: TheDatabase,
    person: CurrentPerson,
    law: TheLaw,
    now: Now,
) -> Response:
    """Record it, on every case of the crime where it happened to the crime."""
    case = cases.read(ref)
    form = refuse_unknown_choices(read(form_of(kind), data), options)
    if form.values is not None and form.values.version != case.version:
        return _changed_meanwhile(request, form, case, kind, options)
    form, event = _asked(form, kind, case, now)
    if form.values is None or event is None:
        return render(request, "events/new.html", _view(case, kind, options), form=form, status=422)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            version = form.values.version
            record_event(connection, ref=ref, event=event, by=person, now=now, law=law, seen_version=version)
    except (EventRefused, DayOutsideCalendar) as refused:
        form = form.with_error(*_refusal(refused, kind))
        return render(request, "events/new.html", _view(case, kind, options), form=form, status=422)
    except CaseChanged:
        return _changed_meanwhile(request, form, cases.read(ref), kind, options)
    return redirect(f"/cases/{ref}?recorded={kind.value}")


def _asked(
    form: Submitted[EventForm], kind: EventKind, case: CasePage, now: datetime
) -> tuple[Submitted[EventForm], NewEvent | None]:
    if form.values is None:
        return form, None
    try:
        answers = answers_of(case.answerable_by(kind), form.values.duties, form.values.told)
        return form, new_event(kind, form.values, answers, now=now)
    except NotThen as wrong:
        return form.with_error(wrong.field, wrong.message), None
    except ValueError as wrong:
        return form.with_error("duties", str(wrong)), None


def _changed_meanwhile(
    request: Request, form: Submitted[EventForm], case: CasePage, kind: EventKind, options: Options
) -> Response:
    """What was typed stays, beside what changed; sending it again is then on purpose."""
    view = _view(case, kind, options, recorded_since(case, form.text("events_seen")))
    kept = {**form.typed, "version": [str(case.version)], "events_seen": [str(len(case.timeline))]}
    form = Submitted(form.model, kept).with_error("", "Somebody else recorded something on this case meanwhile")
    return render(request, "events/new.html", view, form=form, status=409)


def _view(case: CasePage, kind: EventKind, options: Options, changed: tuple[TimelineEntry, ...] = ()) -> EventView:
    facts = EVENT_KINDS[kind]
    subject_words = SUBJECT_WORDS.get(facts.subject or "", "")
    return EventView(case, kind, facts, subject_words, options, case.answerable_by(kind), changed)


def _refusal(refused: EventRefused | DayOutsideCalendar, kind: EventKind) -> tuple[str, str]:
    """The field at which to say why it was refused, and the sentence."""
    if isinstance(refused, DayOutsideCalendar):
        return "happened_on", str(refused).rstrip(".")
    sentence = refused.why[:1].upper() + refused.why[1:]
    if refused.field in {detail.name for detail in EVENT_KINDS[kind].details}:
        return f"detail_{refused.field}", sentence
    return "subject" if refused.field == "subject" else "happened_on", sentence

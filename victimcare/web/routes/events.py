"""Recording what happened: choose the kind, then say when and to whom."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from victimcare.commands.record_event import CaseChanged, NewEvent, record_event
from victimcare.commands.use_form import use_form
from victimcare.domain.case import EventRefused
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind, KindFacts, Stage
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage, DutyView, kinds_by_stage
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.answers import answers_of, ticked_for
from victimcare.web.case_reading import TheCases, recorded_since
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheLaw, Today
from victimcare.web.event_forms import SUBJECT_WORDS, EventForm, form_of, new_event, options_of
from victimcare.web.forms import Submitted, TheFormData, blank, read
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import typed_parts

router = APIRouter()


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
    options: dict[str, list[tuple[str, str]]]
    duties: tuple[DutyView, ...]
    changed: tuple[TimelineEntry, ...] = ()


@router.get("/cases/{ref}/events", dependencies=[policy(Action.RECORD_EVENT)])
def choose_kind(request: Request, ref: CaseRef, cases: TheCases) -> Response:
    """What happened? The kinds of event, by stage of the journey."""
    return render(request, "events/choose.html", KindsView(cases.read(ref), kinds_by_stage()))


@router.get("/cases/{ref}/events/{kind}", dependencies=[policy(Action.RECORD_EVENT)])
def event_form(
    request: Request, ref: CaseRef, kind: EventKind, cases: TheCases, law: TheLaw, today: Today, duty: str = ""
) -> Response:
    """The form of one kind of event, today's date filled in; no duty is ticked but the one whose row opened it."""
    view = _view(cases.read(ref), kind, law)
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
    kind: EventKind,
    data: TheFormData,
    cases: TheCases,
    database: TheDatabase,
    person: CurrentPerson,
    law: TheLaw,
    now: Now,
) -> Response:
    """Record it, on every case of the crime where it happened to the crime."""
    case = cases.read(ref)
    form, event = _asked(read(form_of(kind), data), kind, case)
    if form.values is None or event is None:
        return render(request, "events/new.html", _view(case, kind, law), form=form, status=422)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            version = form.values.version
            record_event(connection, ref=ref, event=event, by=person, now=now, law=law, seen_version=version)
    except EventRefused as refused:
        form = form.with_error(_field_of(refused, kind), refused.why)
        return render(request, "events/new.html", _view(case, kind, law), form=form, status=422)
    except CaseChanged:
        return _changed_meanwhile(request, form, cases.read(ref), kind, law)
    return redirect(f"/cases/{ref}?recorded={kind.value}")


def _asked(form: Submitted[EventForm], kind: EventKind, case: CasePage) -> tuple[Submitted[EventForm], NewEvent | None]:
    if form.values is None:
        return form, None
    try:
        answers = answers_of(case.answerable_by(kind), form.values.duties, form.values.told)
    except ValueError as wrong:
        return form.with_error("duties", str(wrong)), None
    try:
        return form, new_event(kind, form.values, answers)
    except ValueError as impossible:
        return form.with_error("happened_time", f"Time {impossible}"), None


def _changed_meanwhile(
    request: Request, form: Submitted[EventForm], case: CasePage, kind: EventKind, law: TheLaw
) -> Response:
    """What was typed stays, beside what changed; sending it again is then on purpose."""
    view = _view(case, kind, law, recorded_since(case, form.text("events_seen")))
    kept = {**form.typed, "version": [str(case.version)], "events_seen": [str(len(case.timeline))]}
    form = Submitted(form.model, kept).with_error("", "Somebody else recorded something on this case meanwhile")
    return render(request, "events/new.html", view, form=form, status=409)


def _view(case: CasePage, kind: EventKind, law: TheLaw, changed: tuple[TimelineEntry, ...] = ()) -> EventView:
    facts = EVENT_KINDS[kind]
    tiers = [(tier.id, tier.title) for tier in law.code.latest.tiers]
    options = {detail.name: options_of(detail, tiers) for detail in facts.details}
    return EventView(
        case, kind, facts, SUBJECT_WORDS.get(facts.subject or "", ""), options, case.answerable_by(kind), changed
    )


def _field_of(refused: EventRefused, kind: EventKind) -> str:
    if refused.field in {detail.name for detail in EVENT_KINDS[kind].details}:
        return f"detail_{refused.field}"
    return "subject" if refused.field == "subject" else "happened_on"

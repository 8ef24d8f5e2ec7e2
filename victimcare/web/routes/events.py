"""Recording what happened: choose the kind, then say when and to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind, KindFacts, Stage
from victimcare.domain.own_deadlines import counts_for_victim
from victimcare.domain.people import Action
from victimcare.queries.case_duties import DutyView
from victimcare.queries.case_page import CasePage
from victimcare.queries.event_choices import EventChoices, event_choices, is_recorded_by, own_page
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.answers import answers_of, ticked_for
from victimcare.web.case_forms import FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import CurrentPerson, Now, TheLaw, TheSettings, Today
from victimcare.web.event_forms import (
    SUBJECT_WORDS,
    EventForm,
    form_of,
    new_event,
    options_of,
    refuse_unknown_choices,
)
from victimcare.web.forms import FieldRefused, TheFormData, read
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import typed_parts

router = APIRouter()

Options = dict[str, list[tuple[str, str]]]


def offered(request: Request, kind: EventKind, person: CurrentPerson) -> EventKind:
    """The kind in the address where people record it with this form. For any other there is no such page.

    What has a page of its own may be looked for here, but only a referral made in another way is recorded here.
    """
    elsewhere = own_page(kind) is not None and kind is not EventKind.REFERRAL_SENT
    if not is_recorded_by(person, kind) or (elsewhere and request.method == "POST"):
        raise HTTPException(404)
    return kind


OfferedKind = Annotated[EventKind, Depends(offered)]


def choices(kind: OfferedKind, law: TheLaw, settings: TheSettings, today: Today) -> Options:
    """What can be chosen for each detail of the kind."""
    return options_of(kind, law.code.on(today), {"police": settings.force_name})


TheOptions = Annotated[Options, Depends(choices)]


@dataclass(frozen=True, slots=True)
class KindsView:
    """The kinds of event to choose from: first what could happen next."""

    case: CasePage
    choices: EventChoices


@dataclass(frozen=True, slots=True)
class EventView:
    """The form of one kind of event. `changed`: what somebody else recorded meanwhile."""

    case: CasePage
    kind: EventKind
    facts: KindFacts
    subject_words: str
    known_subjects: tuple[str, ...]
    options: Options
    duties: tuple[DutyView, ...]
    changed: tuple[TimelineEntry, ...] = ()


@router.get("/cases/{ref}/events", dependencies=[policy(Action.RECORD_AT_COURT)])
def choose_kind(request: Request, ref: CaseRef, cases: TheCases, person: CurrentPerson) -> Response:
    """What happened? First what could happen next on this case; everything else is one step away."""
    case = cases.read(ref)
    return render(request, "events/choose.html", KindsView(case, event_choices(case, person)))


@router.get("/cases/{ref}/events/{kind}", dependencies=[policy(Action.RECORD_AT_COURT)])
def event_form(
    request: Request,
    ref: CaseRef,
    kind: OfferedKind,
    options: TheOptions,
    cases: TheCases,
    law: TheLaw,
    today: Today,
    duty: str = "",
    about: str = "",
    otherwise: bool = False,
) -> Response:
    """The form of one kind of event, today's date filled in; no duty is ticked but the one whose row opened it.

    Where a deadline of the victim's own counts from that day, or a court decided on it, it is asked: passed over when
    filled in, it would be the day on which somebody heard of it.
    `about` is the place of the suspect or hearing among those of the case: its label stays out of the address.
    `otherwise`: a referral that was not made here. Whatever else has a page of its own is recorded on that.
    """
    case, page = cases.read(ref), own_page(kind)
    if page is not None and not (otherwise and kind is EventKind.REFERRAL_SENT):
        return redirect(f"/cases/{ref}/{page}")
    view = _view(case, (), kind=kind, options=options)
    is_asked = counts_for_victim(law.code.on(today), kind) or _is_result_of_court(kind, view.facts)
    happened = {} if is_asked else typed_parts("happened_on", today)
    received = typed_parts("received_on", today) if view.facts.received else {}
    ticked = ticked_for(view.duties, duty) or _met_by_itself(view.duties)
    subject = _subject_at(about, view)
    form = opened(form_of(kind), view.case, duties=ticked, **happened, **received, **subject)
    return render(request, "events/new.html", view, form=form)


@router.post("/cases/{ref}/events/{kind}", dependencies=[policy(Action.RECORD_AT_COURT)])
def record(
    ref: CaseRef, kind: OfferedKind, options: TheOptions, data: TheFormData, writer: TheCaseWriter, now: Now
) -> Response:
    """Record it, on every case of the crime where it happened to the crime."""
    return writer.write(
        ref,
        refuse_unknown_choices(read(form_of(kind), data), options),
        FormPage("events/new.html", partial(_view, kind=kind, options=options), events=lambda event: [event]),
        asked=lambda values, case: _asked(values, case, kind, now),
        record=lambda connection, event, how: record_event(connection, event=event, **how),
        done=f"/cases/{ref}?recorded={kind.value}",
    )


def _is_result_of_court(kind: EventKind, facts: KindFacts) -> bool:
    return facts.stage is Stage.COURT and facts.received and kind is not EventKind.HEARING_LISTED


def _subject_at(about: str, view: EventView) -> dict[str, str]:
    """The subject at this place, filled in."""
    place = int(about) if about.isascii() and about.isdigit() and len(about) < 4 else len(view.known_subjects)
    return {"subject": view.known_subjects[place]} if place < len(view.known_subjects) else {}


def _met_by_itself(duties: Sequence[DutyView]) -> list[str]:
    """The box of the one open duty that such an event meets by happening, where it takes no more than that."""
    return [duty.anchor for duty in duties if len(duties) == 1 and not duty.must_tell]


def _asked(asked: EventForm, case: CasePage, kind: EventKind, now: datetime) -> NewEvent:
    open_duties = case.answerable_by(kind)
    answers = answers_of(open_duties, asked.duties, asked.told)
    if open_duties and not answers and not asked.answers_none:
        raise FieldRefused("duties", "Tick the duty that this meets, or that it meets none of them: else it stays open")
    return new_event(kind, asked, answers, now=now)


def _view(case: CasePage, changed: tuple[TimelineEntry, ...], *, kind: EventKind, options: Options) -> EventView:
    facts = EVENT_KINDS[kind]
    subject_words = SUBJECT_WORDS.get(facts.subject or "", "")
    known = case.subjects.get(facts.subject or "", ())
    return EventView(case, kind, facts, subject_words, known, options, case.answerable_by(kind), changed)

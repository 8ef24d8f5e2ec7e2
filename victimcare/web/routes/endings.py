"""Ending a duty otherwise than by keeping it, and deciding on a good reason that somebody asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import Field

from victimcare.commands.record_event import NewEvent, record_event
from victimcare.commands.record_in_words import record_in_words
from victimcare.domain.duty_ends import WAYS, reasons
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed, Moment
from victimcare.domain.people import Action
from victimcare.queries.case_duties import DutyView
from victimcare.queries.case_page import CasePage
from victimcare.queries.notes import NoteView
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.day_check import MayDoubtDay
from victimcare.web.deps import Now, TheVault, Today
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import FieldRefused, Sent
from victimcare.web.location_check import MayTellLocation
from victimcare.web.notes_reading import NotesReader, TheNotes
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import typed_parts
from victimcare.web.typed_moments import moment_typed

router = APIRouter()
DutyKey = Annotated[str, Path(max_length=200)]
WHYS = {f"{kind.value}:{code}": (kind, code) for kind, _ in WAYS for code, _ in reasons(kind)}


class EndingForm(CaseForm, MayTellLocation, MayDoubtDay):
    """Why the duty cannot or need not be kept: one choice says which ending it is, and its reason; and in words."""

    why: Literal[tuple(WHYS)] = Field(  # type: ignore[valid-type]
        title="Why", description="Choose why it cannot or need not be done"
    )
    contact: str = Field("", title="Contact", max_length=64)
    happened_on: CountedDay = Field(title="Date", description="Enter the date")
    words: str = Field("", title="In your words", max_length=5_000)


class DecisionForm(CaseForm):
    """What the supervisor decides."""

    decision: Literal["good_reason_agreed", "good_reason_refused"] = Field(
        title="Decision", description="Choose whether you agree"
    )


@dataclass(frozen=True, slots=True)
class EndingView:
    """The form, with each way to end the duty and its reasons. `duty` is None where it has ended meanwhile."""

    case: CasePage
    duty: DutyView | None
    key: str
    contacts: tuple[TimelineEntry, ...]
    changed: tuple[TimelineEntry, ...] = ()

    @property
    def ways(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each way in words, and its choices: value and words."""
        return [(words, [(f"{kind.value}:{code}", reason) for code, reason in reasons(kind)]) for kind, words in WAYS]


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A good reason to decide on, with what was said of it. `another_must`: why this person may not agree."""

    case: CasePage
    duty: DutyView | None
    key: str
    another_must: str
    note: NoteView | None
    changed: tuple[TimelineEntry, ...] = ()


@router.get("/cases/{ref}/duties/{duty}/ending", dependencies=[policy(Action.RECORD_EVENT)])
def ending_form(request: Request, ref: CaseRef, duty: DutyKey, cases: TheCases, today: Today) -> Response:
    """Why can it not, or need it not, be done?"""
    view = _ending_view(cases.read(ref), (), key=duty)
    if view.duty is None:
        raise HTTPException(404)
    form = opened(EndingForm, view.case, **typed_parts("happened_on", today))
    return render(request, "duties/ending.html", view, form=form)


@router.post("/cases/{ref}/duties/{duty}/ending", dependencies=[policy(Action.RECORD_EVENT)])
def end(ref: CaseRef, duty: DutyKey, form: Sent[EndingForm], writer: TheCaseWriter, vault: TheVault) -> Response:
    """Record the ending, or ask for a good reason; ask first where the words tell a location."""
    words = form.text("words").strip()
    kind, _ = WHYS.get(form.text("why"), (EventKind.DUTY_NOT_APPLICABLE, ""))
    return writer.write(
        ref,
        form,
        FormPage("duties/ending.html", partial(_ending_view, key=duty), words=("words",), events=lambda event: [event]),
        asked=lambda values, case: _ending_asked(values, case, duty, writer.now),
        record=lambda connection, event, how: record_in_words(connection, event=event, words=words, vault=vault, **how),
        done=f"/cases/{ref}?recorded={kind.value}",
    )


@router.get("/cases/{ref}/duties/{duty}/decision", dependencies=[policy(Action.DECIDE_GOOD_REASON)])
def decision_form(request: Request, ref: CaseRef, duty: DutyKey, cases: TheCases, notes: TheNotes) -> Response:
    """Is it a good reason?"""
    view = _decision_view(cases.read(ref), (), key=duty, notes=notes)
    if view.duty is None:
        raise HTTPException(404)
    return render(request, "duties/decision.html", view, form=opened(DecisionForm, view.case))


@router.post("/cases/{ref}/duties/{duty}/decision", dependencies=[policy(Action.DECIDE_GOOD_REASON)])
def decide(
    ref: CaseRef, duty: DutyKey, form: Sent[DecisionForm], writer: TheCaseWriter, notes: TheNotes, now: Now
) -> Response:
    """Agree or refuse."""
    return writer.write(
        ref,
        form,
        FormPage("duties/decision.html", partial(_decision_view, key=duty, notes=notes)),
        asked=lambda values, case: _decision_asked(values, case, duty, now),
        record=lambda connection, event, how: record_event(connection, event=event, **how),
        done=f"/cases/{ref}?recorded={form.text('decision')}",
    )


def _ending_asked(asked: EndingForm, case: CasePage, key: str, now: datetime) -> NewEvent:
    """The ending as an event; what the victim declined ended when they said so. Raises `FieldRefused`."""
    duty = case.duty(key)
    if duty is None:
        raise FieldRefused("why", "This duty is no longer open")
    kind, code = WHYS[asked.why]
    happened = moment_typed(asked.happened_on, None, now=now)
    details = {"reason": code}
    if kind is EventKind.DUTY_DECLINED:
        contact = next((entry for entry in _contacts(case) if entry.key == asked.contact), None)
        if contact is None:
            raise FieldRefused("contact", "Choose the contact in which they said so")
        details["contact"] = contact.key
        happened = contact.event.happened
    elif kind is EventKind.GOOD_REASON_REQUESTED:
        _refuse_vain_request(duty, happened, case)
    return NewEvent(kind, happened, details=details, duties=[DutyNamed(duty.rule, duty.news_version)])


def _refuse_vain_request(duty: DutyView, happened: Moment, case: CasePage) -> None:
    """Raise `FieldRefused` for a request that could not end the duty, so that nobody relies on it."""
    if duty.asked is not None:
        raise FieldRefused("why", "A good reason is asked for already, and not decided yet")
    if duty.due_on is not None and happened.on > duty.due_on:
        raise FieldRefused("happened_on", "A good reason counts only if it is asked for by the day the duty is due")
    if happened.on in {refused.on for refused in case.timeline if _refuses(refused, duty)}:
        raise FieldRefused("happened_on", "A good reason was refused on this day: ask again from the next day on")


def _refuses(entry: TimelineEntry, duty: DutyView) -> bool:
    named = {(duty.rule, start) for start in (duty.start_key, duty.news_version)}
    answered = {(one.rule, one.start) for one in entry.event.duties}
    return entry.kind is EventKind.GOOD_REASON_REFUSED and entry.stands and bool(named & answered)


def _decision_asked(asked: DecisionForm, case: CasePage, key: str, now: datetime) -> NewEvent:
    duty = case.duty(key)
    if duty is None or duty.asked is None:
        raise FieldRefused("decision", "There is nothing to decide any longer")
    named = [DutyNamed(duty.rule, duty.news_version)]
    return NewEvent(EventKind(asked.decision), Moment.instant(now), duties=named)


def _ending_view(case: CasePage, changed: tuple[TimelineEntry, ...], *, key: str) -> EndingView:
    return EndingView(case, case.duty(key), key, _contacts(case), changed)


def _decision_view(case: CasePage, changed: tuple[TimelineEntry, ...], *, key: str, notes: NotesReader) -> DecisionView:
    person = notes.person
    duty = case.duty(key)
    duty = duty if duty and duty.asked else None
    another_must = ""
    if duty and duty.asked and duty.asked.by_id == person.id:
        another_must = "You asked for this yourself, so somebody else must decide."
    elif person.id == case.officer_id:
        another_must = "You are the case officer of this case, so somebody else must decide."
    note = notes.about(case.ref, duty.asked.key) if duty and duty.asked else None
    return DecisionView(case, duty, key, another_must, note, changed)


def _contacts(case: CasePage) -> tuple[TimelineEntry, ...]:
    """The contacts that reached the victim, newest first."""
    return tuple(e for e in case.timeline if e.kind is EventKind.CONTACT_MADE and e.stands)

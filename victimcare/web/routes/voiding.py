"""Making a case void: one person asks, and another, who does not hold it, decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.record_event import NewEvent
from victimcare.commands.record_in_words import record_in_words
from victimcare.domain.duty_ends import reasons
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Moment
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage
from victimcare.queries.notes import NoteView
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Now
from victimcare.web.forms import FieldRefused, Sent
from victimcare.web.location_check import MayTellLocation
from victimcare.web.notes_reading import NotesReader, TheNotes
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()
REASONS = reasons(EventKind.CASE_VOID_REQUESTED)


class VoidForm(CaseForm, MayTellLocation):
    """Why the case should be void, also in words; or, of a request, the decision."""

    reason: Literal[("", *(code for code, _ in REASONS))] = Field(  # type: ignore[valid-type]
        "", title="Reason", description="Choose why the case should be void"
    )
    words: str = Field("", title="In your words", max_length=5_000)
    decision: Literal["case_voided", "case_void_refused", ""] = Field(
        "", title="Decision", description="Choose whether you agree"
    )


@dataclass(frozen=True, slots=True)
class VoidView:
    """The case, what was asked and by whom (`request`), in which words, and whether this person decides."""

    case: CasePage
    request: TimelineEntry | None
    note: NoteView | None
    decides: bool
    changed: tuple[TimelineEntry, ...] = ()
    reasons: tuple[tuple[str, str], ...] = REASONS


@router.get("/cases/{ref}/void", dependencies=[policy(Action.RECORD_EVENT)])
def void_form(request: Request, ref: CaseRef, cases: TheCases, notes: TheNotes) -> Response:
    """Ask for the case to be made void, or decide on what somebody else asked."""
    view = _view(cases.read(ref), (), notes=notes)
    return render(request, "cases/void.html", view, form=opened(VoidForm, view.case))


@router.post("/cases/{ref}/void", dependencies=[policy(Action.RECORD_EVENT)])
def void(ref: CaseRef, form: Sent[VoidForm], writer: TheCaseWriter, notes: TheNotes, now: Now) -> Response:
    """Record the request, or the decision on it; ask first where the words tell a location."""
    words = form.text("words").strip()
    recorded = form.text("decision") or EventKind.CASE_VOID_REQUESTED.value
    return writer.write(
        ref,
        form,
        FormPage("cases/void.html", partial(_view, notes=notes), words=("words",)),
        asked=lambda values, case: _asked(values, _view(case, (), notes=notes), now),
        record=lambda connection, event, how: record_in_words(
            connection, event=event, words=words, vault=writer.vault, **how
        ),
        done=f"/cases/{ref}?recorded={recorded}",
    )


def _asked(asked: VoidForm, view: VoidView, now: datetime) -> NewEvent:
    at = Moment.instant(now)
    if view.case.status == "void":
        raise FieldRefused("reason", "The case is void already")
    if view.request is None:
        if not asked.reason:
            raise FieldRefused("reason", "Choose why the case should be void")
        return NewEvent(EventKind.CASE_VOID_REQUESTED, at, details={"reason": asked.reason})
    if not view.decides:
        raise FieldRefused("decision", "Somebody else must decide")
    if not asked.decision:
        raise FieldRefused("decision", "Choose whether you agree")
    if asked.decision == EventKind.CASE_VOID_REFUSED.value:
        return NewEvent(EventKind.CASE_VOID_REFUSED, at, details={"request": view.request.key})
    why = view.request.event.details["reason"]
    return NewEvent(EventKind.CASE_VOIDED, at, details={"reason": why, "second_person": view.request.by_id})


def _view(case: CasePage, changed: tuple[TimelineEntry, ...], *, notes: NotesReader) -> VoidView:
    asked, person = case.void_request, notes.person
    decides = asked is not None and case.may_decide and person.id not in (asked.by_id, case.officer_id)
    return VoidView(case, asked, notes.about(case.ref, asked.key) if asked else None, decides, changed)

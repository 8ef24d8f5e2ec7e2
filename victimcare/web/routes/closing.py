"""Closing a case: first what is still open on it, and what becomes of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Request, Response

from victimcare.commands.record_event import record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage
from victimcare.queries.closing import StillOpen, still_open
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.case_forms import FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Now
from victimcare.web.event_forms import form_of, new_event
from victimcare.web.forms import TheFormData, read
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import typed_parts

router = APIRouter()
_FORM = form_of(EventKind.CASE_CLOSED)


@dataclass(frozen=True, slots=True)
class ClosingView:
    """The form, and what is still open."""

    case: CasePage
    open: StillOpen
    changed: tuple[TimelineEntry, ...] = ()


@router.get("/cases/{ref}/closing", dependencies=[policy(Action.RECORD_EVENT)])
def closing_form(request: Request, ref: CaseRef, cases: TheCases) -> Response:
    """What is still open, and the day of the closing: today, unless somebody says otherwise."""
    view = _view(cases.read(ref), (), cases=cases)
    form = opened(_FORM, view.case, **typed_parts("happened_on", cases.today))
    return render(request, "closing/closing.html", view, form=form)


@router.post("/cases/{ref}/closing", dependencies=[policy(Action.RECORD_EVENT)])
def close(ref: CaseRef, data: TheFormData, writer: TheCaseWriter, now: Now) -> Response:
    """Record that the case is closed."""
    return writer.write(
        ref,
        read(_FORM, data),
        FormPage("closing/closing.html", partial(_view, cases=writer.cases), events=lambda event: [event]),
        asked=lambda values, _case: new_event(EventKind.CASE_CLOSED, values, now=now),
        record=lambda connection, event, how: record_event(connection, event=event, **how),
        done=f"/cases/{ref}?recorded=case_closed",
    )


def _view(case: CasePage, changed: tuple[TimelineEntry, ...], *, cases: TheCases) -> ClosingView:
    with cases.database.reading() as connection:
        return ClosingView(case, still_open(connection, person=cases.person, case=case), changed)

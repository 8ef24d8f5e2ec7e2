"""Recording a contact with the victim: who was reached, how, and which duties it answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.record_contact import NewContact, record_contact
from victimcare.commands.record_event import CaseChanged
from victimcare.commands.use_form import use_form
from victimcare.domain.calendar import DayOutsideCalendar
from victimcare.domain.case import EventRefused
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage, DutyView
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.answers import answers_of, refuse_unknown_duties, ticked_for
from victimcare.web.case_reading import TheCases, recorded_since
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheLaw, Today
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import TimeTyped, typed_parts
from victimcare.web.typed_moments import NotThen, moment_typed

router = APIRouter()
Channel = Literal["phone", "in_person", "letter", "email", "text", "video"]
CHANNELS = (
    ("phone", "Phone call"),
    ("in_person", "In person"),
    ("letter", "Letter"),
    ("email", "E-mail"),
    ("text", "Text message"),
    ("video", "Video call"),
)


class ContactForm(Form):
    """A contact, or an attempt. `duties` and `told` hold what the boxes of the page say."""

    version: int = Field(title="Version of the case")
    events_seen: int = Field(title="Events seen")
    reached: Literal["yes", "no"] = Field(title="Reached", description="Say whether the victim was reached")
    channel: Channel = Field(title="How", description="Choose how you tried to reach them")
    happened_on: CountedDay = Field(title="Date", description="Enter the date")
    happened_time: TimeTyped | None = Field(None, title="Time", description="Enter a time, or leave it empty")
    duties: list[str] = Field([], title="What it answered", max_length=100)
    told: list[str] = Field([], title="What was told", max_length=300)


@dataclass(frozen=True, slots=True)
class ContactView:
    """The form, with the open duties that a contact can answer."""

    case: CasePage
    duties: tuple[DutyView, ...]
    channels: tuple[tuple[str, str], ...] = CHANNELS
    changed: tuple[TimelineEntry, ...] = ()


@router.get("/cases/{ref}/contacts/new", dependencies=[policy(Action.RECORD_CONTACT)])
def contact_form(request: Request, ref: CaseRef, cases: TheCases, today: Today, duty: str = "") -> Response:
    """The form, today's date filled in; no duty is ticked but the one whose row opened it."""
    view = _view(cases.read(ref))
    form = blank(
        ContactForm,
        version=str(view.case.version),
        events_seen=str(len(view.case.timeline)),
        duties=ticked_for(view.duties, duty),
        **typed_parts("happened_on", today),
    )
    return render(request, "contacts/new.html", view, form=form)


@router.post("/cases/{ref}/contacts", dependencies=[policy(Action.RECORD_CONTACT)])
def record(
    request: Request,
    ref: CaseRef,
    form: Sent[ContactForm],
    cases: TheCases,
    database: TheDatabase,
    person: CurrentPerson,
    law: TheLaw,
    now: Now,
) -> Response:
    """Record the contact and what it answered."""
    case = cases.read(ref)
    if form.values is not None and form.values.version != case.version:
        return _changed_meanwhile(request, form, case)
    form, contact = _asked(form, case, now)
    if form.values is None or contact is None:
        return render(request, "contacts/new.html", _view(case), form=form, status=422)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            version = form.values.version
            record_contact(connection, ref=ref, contact=contact, by=person, now=now, law=law, seen_version=version)
    except (EventRefused, DayOutsideCalendar) as refused:
        form = form.with_error("happened_on", f"This cannot be recorded: {refused}".rstrip("."))
        return render(request, "contacts/new.html", _view(case), form=form, status=422)
    except CaseChanged:
        return _changed_meanwhile(request, form, cases.read(ref))
    return redirect(f"/cases/{ref}?recorded={'contact_made' if contact.reached else 'contact_attempted'}")


def _asked(
    form: Submitted[ContactForm], case: CasePage, now: datetime
) -> tuple[Submitted[ContactForm], NewContact | None]:
    """What the form asks to record, or what is wrong with it that only the case can tell.

    The duty whose row opened the form is ticked before anybody was called, so an attempt leaves ticked duties alone;
    but nobody was told anything in an attempt.
    """
    if form.values is None:
        return form, None
    asked = form.values
    reached = asked.reached == "yes"
    try:
        if asked.told and not reached:
            raise ValueError("Untick what you told them, or say that you reached them: an attempt answers nothing")
        duties = _view(case).duties
        refuse_unknown_duties(duties, asked.duties)
        answers = answers_of(duties, asked.duties, asked.told) if reached else []
        happened = moment_typed(asked.happened_on, asked.happened_time, now=now)
    except NotThen as wrong:
        return form.with_error(wrong.field, wrong.message), None
    except ValueError as wrong:
        return form.with_error("duties", str(wrong)), None
    return form, NewContact(happened, asked.channel, reached, answers)


def _view(case: CasePage, changed: tuple[TimelineEntry, ...] = ()) -> ContactView:
    return ContactView(case, case.answerable_by(EventKind.CONTACT_MADE), changed=changed)


def _changed_meanwhile(request: Request, form: Submitted[ContactForm], case: CasePage) -> Response:
    """What was typed stays, beside what changed; sending it again is then on purpose."""
    view = _view(case, recorded_since(case, form.text("events_seen")))
    kept = {**form.typed, "version": [str(case.version)], "events_seen": [str(len(case.timeline))]}
    form = Submitted(form.model, kept).with_error("", "Somebody else recorded something on this case meanwhile")
    return render(request, "contacts/new.html", view, form=form, status=409)

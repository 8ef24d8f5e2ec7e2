"""Recording a contact with the victim: who was reached, how, and which duties it answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.record_contact import NewContact, record_contact
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage, DutyView
from victimcare.queries.contact_details import ContactDetails
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.answers import answers_of, refuse_unknown_duties, ticked_for
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.contact_reading import TheContacts
from victimcare.web.deps import Now, Today
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import FieldRefused, Sent
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import TimeTyped, typed_parts
from victimcare.web.typed_moments import moment_typed

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


class ContactForm(CaseForm):
    """A contact, or an attempt. `duties` and `told` hold what the boxes of the page say.

    `message` is the message that the victim had left, if its row opened the form.
    """

    reached: Literal["yes", "no"] = Field(title="Reached", description="Say whether the victim was reached")
    channel: Channel = Field(title="How", description="Choose how you tried to reach them")
    happened_on: CountedDay = Field(title="Date", description="Enter the date")
    happened_time: TimeTyped | None = Field(None, title="Time", description="Enter a time, or leave it empty")
    duties: list[str] = Field([], title="What it answered", max_length=100)
    told: list[str] = Field([], title="What was told", max_length=300)
    message: str = Field("", title="Message that it answered", max_length=16)


@dataclass(frozen=True, slots=True)
class ContactView:
    """The form, with the open duties that a contact can answer."""

    case: CasePage
    duties: tuple[DutyView, ...]
    safely: ContactDetails
    channels: tuple[tuple[str, str], ...] = CHANNELS
    changed: tuple[TimelineEntry, ...] = ()


@router.get("/cases/{ref}/contacts/new", dependencies=[policy(Action.RECORD_CONTACT)])
def contact_form(
    request: Request,
    ref: CaseRef,
    cases: TheCases,
    contacts: TheContacts,
    today: Today,
    duty: str = "",
    message: str = "",
) -> Response:
    """The form, today's date filled in; no duty is ticked but the one whose row opened it."""
    view = _view(cases.read(ref), contacts.read(ref))
    ticked = ticked_for(view.duties, duty)
    form = opened(ContactForm, view.case, duties=ticked, message=message, **typed_parts("happened_on", today))
    return render(request, "contacts/new.html", view, form=form)


@router.post("/cases/{ref}/contacts", dependencies=[policy(Action.RECORD_CONTACT)])
def record(ref: CaseRef, form: Sent[ContactForm], writer: TheCaseWriter, contacts: TheContacts, now: Now) -> Response:
    """Record the contact and what it answered."""
    recorded = "contact_made" if form.text("reached") == "yes" else "contact_attempted"
    return writer.write(
        ref,
        form,
        FormPage("contacts/new.html", lambda case, changed: _view(case, contacts.read(ref), changed)),
        asked=lambda values, case: _asked(values, case, now),
        record=lambda connection, contact, how: record_contact(connection, contact=contact, **how),
        done=f"/cases/{ref}?recorded={recorded}",
    )


def _asked(asked: ContactForm, case: CasePage, now: datetime) -> NewContact:
    """What the form asks to record. Raises `FieldRefused`.

    The duty whose row opened the form is ticked before anybody was called, so an attempt leaves ticked duties alone;
    but nobody was told anything in an attempt.
    """
    reached = asked.reached == "yes"
    if asked.told and not reached:
        unsaid = "Untick what you told them, or say that you reached them: an attempt answers nothing"
        raise FieldRefused("duties", unsaid)
    duties = case.answerable_by(EventKind.CONTACT_MADE)
    refuse_unknown_duties(duties, asked.duties)
    answers = answers_of(duties, asked.duties, asked.told) if reached else []
    happened = moment_typed(asked.happened_on, asked.happened_time, now=now)
    return NewContact(happened, asked.channel, reached, answers, message_id=asked.message)


def _view(case: CasePage, safely: ContactDetails, changed: tuple[TimelineEntry, ...] = ()) -> ContactView:
    return ContactView(case, case.answerable_by(EventKind.CONTACT_MADE), safely, changed=changed)

"""Recording a contact with the victim: who was reached, how, what it answered, what they asked, and what is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.record_contact import Beside, NewContact, contact_event, write_up_contact
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.kinds.contact import WISHES
from victimcare.domain.people import Action
from victimcare.queries.before_contact import BeforeContact
from victimcare.queries.case_duties import DutyView
from victimcare.queries.case_page import CasePage
from victimcare.queries.contact_details import ContactDetails
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.answers import (
    UNWRITTEN_OPTIONS,
    Unwritten,
    answers_of,
    refuse_unknown_duties,
    ticked_for,
    unwritten_because,
)
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.contact_reading import TheContacts
from victimcare.web.day_check import MayDoubtDay
from victimcare.web.deps import Now, Today
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import FieldRefused, Sent
from victimcare.web.location_check import MayTellLocation
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


class ContactForm(CaseForm, MayTellLocation, MayDoubtDay):
    """A contact, or an attempt. `duties` and `told` hold the boxes of the page, `point` a contact point's id.

    `message` is the message that the victim had left, if its row opened the form.
    """

    reached: Literal["yes", "no", "voicemail", "someone_else"] = Field(
        title="Reached", description="Say whether the victim was reached"
    )
    channel: Channel = Field(title="How", description="Choose how you tried to reach them")
    happened_on: CountedDay = Field(title="Date", description="Enter the date")
    happened_time: TimeTyped | None = Field(None, title="Time", description="Enter a time, or leave it empty")
    point: str = Field("", title="Where someone else answered", max_length=60)
    duties: list[str] = Field([], title="What it answered", max_length=100)
    told: list[str] = Field([], title="What was told", max_length=300)
    unwritten: Unwritten = Field("", title="In writing")
    message: str = Field("", title="Message that it answered", max_length=16)
    no_news: Literal["yes", ""] = Field("", title="No news")
    wishes: list[Literal[tuple(WISHES)]] = Field(  # type: ignore[valid-type]
        [], title="What they asked for", description="Choose what they asked for from the list"
    )
    next_contact_on: CountedDay | None = Field(None, title="Next contact", description="Enter the date")
    note: str = Field("", title="Note", max_length=500)


@dataclass(frozen=True, slots=True)
class ContactView:
    """The form, with the open duties that a contact can answer, and what to know before the victim is contacted."""

    case: CasePage
    duties: tuple[DutyView, ...]
    safely: ContactDetails
    before: BeforeContact
    changed: tuple[TimelineEntry, ...] = ()
    channels: tuple[tuple[str, str], ...] = CHANNELS
    wishes: tuple[tuple[str, str], ...] = tuple(WISHES.items())
    unwritten: tuple[tuple[str, str], ...] = UNWRITTEN_OPTIONS

    @property
    def reached_question(self) -> str:
        """Of a child or a business, whoever is told in their place is reached for them."""
        stands_in = self.before.told_first(under_18=self.case.under_18)
        return f"Did you reach the victim, or {stands_in.name} for them?" if stands_in else "Did you reach the victim?"

    @property
    def points(self) -> list[tuple[str, str]]:
        """The contact points in use: id, and a name that says nothing of the number."""
        return [(point.id, point.name) for point in self.safely.in_use]


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
    view = _view(cases.read(ref), (), contacts=contacts)
    ticked = ticked_for(view.duties, duty)
    form = opened(ContactForm, view.case, duties=ticked, message=message, **typed_parts("happened_on", today))
    return render(request, "contacts/new.html", view, form=form)


@router.post("/cases/{ref}/contacts", dependencies=[policy(Action.RECORD_CONTACT)])
def record(ref: CaseRef, form: Sent[ContactForm], writer: TheCaseWriter, contacts: TheContacts, now: Now) -> Response:
    """Record the contact, what it answered and what goes with it; ask first where the note tells a location."""
    recorded = "contact_made" if form.text("reached") == "yes" else "contact_attempted"
    return writer.write(
        ref,
        form,
        FormPage(
            "contacts/new.html",
            partial(_view, contacts=contacts),
            words=["note"],
            events=lambda asked: [contact_event(asked[0], writer.person)],
        ),
        asked=lambda values, case: _asked(values, case, contacts.read(ref), now),
        record=lambda connection, asked, how: write_up_contact(
            connection, contact=asked[0], beside=asked[1], vault=contacts.vault, **how
        ),
        done=f"/cases/{ref}?recorded={recorded}",
    )


def _asked(asked: ContactForm, case: CasePage, details: ContactDetails, now: datetime) -> tuple[NewContact, Beside]:
    """What the form asks to record. Raises `FieldRefused`.

    The duty whose row opened the form is ticked before anybody was called, so an attempt leaves ticked duties alone;
    but nobody was told anything in an attempt, and nothing was agreed.
    """
    reached, voicemail = asked.reached == "yes", asked.reached == "voicemail"
    if voicemail and asked.channel != "phone":
        raise FieldRefused("channel", "Choose phone call, or say that you left no voicemail")
    if not reached:
        _refuse_what_only_the_victim_says(asked)
    duties = case.answerable_by(EventKind.CONTACT_MADE)
    refuse_unknown_duties(duties, asked.duties)
    unwritten = ""
    if reached:
        unwritten = unwritten_because(duties, asked.duties, channel=asked.channel, said=asked.unwritten)
    contact = NewContact(
        happened=moment_typed(asked.happened_on, asked.happened_time, now=now),
        channel=asked.channel,
        reached=reached,
        answers=answers_of(duties, asked.duties, asked.told) if reached else [],
        unwritten=unwritten,
        no_news=asked.no_news == "yes",
        wishes=asked.wishes,
        promised_on=asked.next_contact_on,
        message_id=asked.message,
        voicemail=voicemail,
        someone_else=asked.reached == "someone_else",
    )
    return contact, Beside(asked.note, _point(asked, details))


def _refuse_what_only_the_victim_says(asked: ContactForm) -> None:
    """Raise `FieldRefused` for what cannot have come of an attempt."""
    unsaid = "or say that you reached them: an attempt answers nothing"
    if asked.told:
        raise FieldRefused("duties", f"Untick what you told them, {unsaid}")
    if asked.no_news:
        raise FieldRefused("no_news", f"Untick that there was no news, {unsaid}")
    if asked.wishes:
        raise FieldRefused("wishes", f"Untick what they asked for, {unsaid}")
    if asked.next_contact_on:
        raise FieldRefused("next_contact_on", "Leave this empty, or say that you reached them: nothing was agreed")


def _point(asked: ContactForm, details: ContactDetails) -> str:
    """The contact point at which someone else answered: one of those in use. Raises `FieldRefused`."""
    known = {point.id for point in details.in_use}
    if asked.reached != "someone_else":
        if asked.point:
            raise FieldRefused("point", "Say that someone else answered, or leave this empty")
        return ""
    if known and asked.point not in known:
        raise FieldRefused("point", "Choose where someone else answered")
    return asked.point if asked.point in known else ""


def _view(case: CasePage, changed: tuple[TimelineEntry, ...], *, contacts: TheContacts) -> ContactView:
    duties = case.answerable_by(EventKind.CONTACT_MADE)
    return ContactView(case, duties, contacts.read(case.ref), contacts.before(case.ref), changed)

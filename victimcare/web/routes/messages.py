"""Writing to the victim: what was written and where it is, a new message, and letters to print and post."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from victimcare.commands.write_message import NewMessage, withdraw_message, write_message
from victimcare.domain.hearing_choices import UNWANTED_BECAUSE
from victimcare.domain.messages import MessageLanguage, MessageTemplate
from victimcare.domain.people import Action
from victimcare.domain.who_counts import ToldAs
from victimcare.editions.feedback import ASKS_FEEDBACK
from victimcare.editions.message_templates import FIRST, published_messages
from victimcare.queries.before_contact import BeforeContact
from victimcare.queries.case_duties import DutyView
from victimcare.queries.case_page import CasePage
from victimcare.queries.contact_details import ContactDetails
from victimcare.queries.notes import location_told
from victimcare.queries.people_told import ToldPerson
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.answers import duty_of
from victimcare.web.case_forms import FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.contact_reading import TheContacts
from victimcare.web.deps import TheSettings, Today
from victimcare.web.forms import Button, Sent, Submitted
from victimcare.web.message_forms import (
    THE_VICTIM,
    As,
    MessageForm,
    WayOut,
    answerable,
    events_of,
    first_draft,
    message_asked,
    points_for,
    reader_asked,
    readers,
    ticked_boxes,
    ways_out,
)
from victimcare.web.message_pages import MessageId, TheMessages, back_to_messages, messages_view
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()

Done = Literal["", "written", "withdrawn", "posted"]
_DONE = {
    "written": "The message is written",
    "withdrawn": "The message was withdrawn: it has answered nothing",
    "posted": "The letter was posted, and the contact is recorded",
}


@dataclass(frozen=True, slots=True)
class NewMessageView:
    """The form of a new message. `told`: what in its words tells where the victim can be found.

    `reader` is whom it is written to, where that is not the victim. `duty` is the key of the one whose row opened it.
    """

    case: CasePage
    details: ContactDetails
    template: MessageTemplate
    language: MessageLanguage
    languages: tuple[MessageLanguage, ...]
    written_as: str
    ways: tuple[WayOut, ...]
    before: BeforeContact
    duties: tuple[DutyView, ...]
    reader: ToldPerson | None
    duty: str = ""
    told: tuple[str, ...] = ()
    changed: tuple[TimelineEntry, ...] = ()
    reasons: tuple[tuple[str, str], ...] = tuple(UNWANTED_BECAUSE.items())

    @property
    def usable(self) -> tuple[WayOut, ...]:
        """The ways that are safe now."""
        return tuple(way for way in self.ways if way.point.verdict.allowed)

    @property
    def readers(self) -> tuple[ToldPerson, ...]:
        """Who beside the victim can be written to."""
        return readers(self.before)

    @property
    def lacks_guardian(self) -> bool:
        """Whether it is a child's case, and no parent or guardian is told of it."""
        return self.case.under_18 and not any(one.told_as is ToldAs.GUARDIAN for one in self.before.others)

    def way(self, point_id: str) -> WayOut:
        """The way of this point."""
        return next(way for way in self.ways if way.point.id == point_id)


@dataclass(frozen=True, slots=True)
class Writing:
    """The template and language that an address or a form names. 404 for what there is not."""

    template: MessageTemplate
    language: MessageLanguage
    languages: tuple[MessageLanguage, ...]


def writing(template: str, language: str = FIRST) -> Writing:
    """The message to write."""
    languages = published_messages()
    if language not in languages or template not in languages[language].templates or template == ASKS_FEEDBACK:
        raise HTTPException(404)
    offered = tuple(known for known in languages.values() if template in known.templates)
    return Writing(languages[language].templates[template], languages[language], offered)


TheWriting = Annotated[Writing, Depends(writing)]


@router.get("/cases/{ref}/messages", dependencies=[policy(Action.SEE_FILE)])
def messages_page(request: Request, ref: CaseRef, cases: TheCases, contacts: TheContacts, done: Done = "") -> Response:
    """What was written to the victim, and what can be written."""
    return render(request, "messages/messages.html", messages_view(cases.read(ref), contacts, _DONE.get(done, "")))


@router.get("/cases/{ref}/messages/new", dependencies=[policy(Action.SEE_FILE)])
def message_form(
    request: Request,
    ref: CaseRef,
    cases: TheCases,
    contacts: TheContacts,
    settings: TheSettings,
    wanted: TheWriting,
    duty: str = "",
    written_as: As = "letter",
    to: str = "",
) -> Response:
    """The form, filled in with what is known; no duty is ticked but the one whose row opened it."""
    case = cases.read(ref)
    about = duty_of(answerable(case), duty) or _only_one(wanted.template, case)
    view = replace(_new_view(case, contacts, settings.sends_texts, wanted, written_as, to), duty=duty)
    preview_is_safe = any(way.point.use is not None and way.point.use.preview_safe for way in view.usable)
    words = first_draft(
        wanted.template,
        wanted.language,
        case,
        about,
        reader=view.reader,
        force_name=settings.force_name,
        written_as=written_as,
        preview_is_safe=preview_is_safe,
    )
    duties, told = ticked_boxes(wanted.template, duty_of(answerable(case), duty))
    wanted_ways = [way.point.id for way in view.usable if way.wanted]
    safe = wanted_ways or [way.point.id for way in view.usable]
    form = opened(
        MessageForm,
        case,
        template=wanted.template.id,
        language=wanted.language.id,
        written_as=written_as,
        to=str(view.reader.id) if view.reader else THE_VICTIM,
        body=words.body,
        point=safe[0] if len(safe) == 1 else "",
        duties=duties,
        told=told,
    )
    return render(request, "messages/new.html", view, form=form)


@router.post("/cases/{ref}/messages", dependencies=[policy(Action.SEE_FILE)])
def write(
    ref: CaseRef,
    form: Sent[MessageForm],
    writer: TheCaseWriter,
    contacts: TheContacts,
    settings: TheSettings,
    today: Today,
) -> Response:
    """Show the message whole and what it will answer; then put it on its way."""
    wanted = writing(form.text("template"), form.text("language") or FIRST)
    written_as = "text" if form.text("written_as") == "text" else "letter"

    to = form.text("to") or THE_VICTIM

    def view(case: CasePage, changed: tuple[TimelineEntry, ...]) -> NewMessageView:
        shown = _new_view(case, contacts, settings.sends_texts, wanted, written_as, to, changed)
        return _with_location(shown, form, contacts)

    def asked(values: MessageForm, case: CasePage) -> NewMessage:
        shown = view(case, ())
        return message_asked(
            values, case, shown.ways, reader=shown.reader, language=wanted.language, template=wanted.template
        )

    page: FormPage[NewMessage] = FormPage(
        "messages/new.html", view, "messages/check.html", lambda message: events_of(message, today)
    )
    return writer.write(
        ref,
        form,
        page,
        asked=asked,
        record=lambda connection, message, how: write_message(
            connection, message=message, vault=contacts.vault, policy=contacts.policy, **how
        ),
        done=f"/cases/{ref}/messages?done=written",
    )


@router.post("/cases/{ref}/messages/{message_id}/withdraw", dependencies=[policy(Action.SEE_FILE)])
def withdraw(ref: CaseRef, message_id: MessageId, form: Sent[Button], messages: TheMessages) -> Response:
    """Take it back before it goes out."""
    return messages.change(
        ref,
        message_id,
        form,
        "withdraw message",
        lambda connection, how: withdraw_message(connection, **how),
        back_to_messages("withdrawn"),
    )


def _new_view(
    case: CasePage,
    contacts: TheContacts,
    sends_texts: bool,
    wanted: Writing,
    written_as: str,
    to: str,
    changed: tuple[TimelineEntry, ...] = (),
) -> NewMessageView:
    details = contacts.read(case.ref)
    points = points_for(details, written_as, text_messages=sends_texts)
    before = contacts.before(case.ref)
    hours = contacts.policy.contact_hours
    return NewMessageView(
        case=case,
        details=details,
        template=wanted.template,
        language=wanted.language,
        languages=wanted.languages,
        written_as=written_as,
        ways=ways_out(points, before.chosen, wanted.template, now=contacts.now, hours=hours),
        before=before,
        duties=answerable(case),
        reader=reader_asked(to, before, under_18=case.under_18),
        changed=changed,
    )


def _with_location(view: NewMessageView, form: Submitted[MessageForm], contacts: TheContacts) -> NewMessageView:
    body, person = form.text("body"), contacts.person
    with contacts.database.reading() as connection:
        told = location_told(connection, person=person, ref=view.case.ref, words=body, vault=contacts.vault)
    return replace(view, told=told)


def _only_one(template: MessageTemplate, case: CasePage) -> DutyView | None:
    """The open duty that the template must be about, where there is but one: its days are filled in, nothing ticked."""
    about = [duty for duty in answerable(case) if duty.rule in template.answers]
    return about[0] if len(about) == 1 else None

"""The hand-over of a case: what the next officer must know, and taking it over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.take_over_case import take_over_case
from victimcare.commands.use_form import use_form
from victimcare.commands.write_note import write_note
from victimcare.domain.people import Action
from victimcare.editions.force_policy import published_policy
from victimcare.queries.before_contact import BeforeContact
from victimcare.queries.case_page import CasePage
from victimcare.queries.contact_details import ContactDetails
from victimcare.queries.hand_over import TakenOver, hand_over_of
from victimcare.queries.notes import NoteView, case_notes, location_told
from victimcare.queries.victim_page import VictimPage
from victimcare.web.case_references import CaseRef
from victimcare.web.contact_reading import TheContacts
from victimcare.web.deps import CurrentPerson, Now, TheDatabase
from victimcare.web.forms import Form, FormRefused, Sent, blank
from victimcare.web.location_check import MayTellLocation, ask, goes_back, to_ask
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.victim_reading import TheVictims

router = APIRouter()


class HandOverForm(MayTellLocation):
    """What the next officer must know."""

    words: str = Field(title="Hand-over", description="Enter what the next officer must know", max_length=5_000)


class TakeOverForm(Form):
    """What the new officer did."""

    did: Literal["acknowledged", "told"] = Field(title="What was done", description="Choose what was done")


@dataclass(frozen=True, slots=True)
class HandOverView:
    """Everything that the next officer needs."""

    case: CasePage
    victim: VictimPage
    safely: ContactDetails
    before: BeforeContact
    notes: tuple[NoteView, ...]
    taken_over: TakenOver | None
    is_theirs: bool


@router.get("/cases/{ref}/hand-over", dependencies=[policy(Action.SEE_FILE)])
def hand_over(request: Request, ref: CaseRef, victims: TheVictims, contacts: TheContacts) -> Response:
    """Summary, promises, safe contact, and what not to ask again."""
    return render(request, "hand_over/hand_over.html", _view(ref, victims, contacts), form=blank(HandOverForm))


@router.post("/cases/{ref}/hand-over", dependencies=[policy(Action.RECORD_EVENT)])
def write(
    request: Request, ref: CaseRef, form: Sent[HandOverForm], victims: TheVictims, contacts: TheContacts
) -> Response:
    """Keep what the next officer must know; ask first where it tells a location."""
    by, vault = contacts.person, contacts.vault
    with contacts.database.reading() as connection:
        told = location_told(connection, person=by, ref=ref, words=form.text("words"), vault=vault)
    view = _view(ref, victims, contacts)
    if form.values is None or goes_back(form):
        return render(request, "hand_over/hand_over.html", view, form=form, status=422 if form.values is None else 200)
    if to_ask(form, told):
        return ask(request, form, told, action=f"/cases/{ref}/hand-over", case=view.case)
    with contacts.database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=by, now=contacts.now)
        words = form.values.words
        write_note(connection, ref=ref, words=words, by=by, now=contacts.now, vault=vault, for_hand_over=True)
    return redirect(f"/cases/{ref}/hand-over")


@router.post("/cases/{ref}/hand-over/taken", dependencies=[policy(Action.RECORD_EVENT)])
def take_over(
    ref: CaseRef, form: Sent[TakeOverForm], person: CurrentPerson, database: TheDatabase, now: Now
) -> Response:
    """The new officer acknowledges, or notes that the victim was told. Raises `NoSuchCase`, `FormRefused`."""
    if form.values is None:
        raise FormRefused("it does not say what was done")
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        take_over_case(connection, ref=ref, victim_told=form.values.did == "told", by=person, now=now)
    return redirect(f"/cases/{ref}/hand-over")


def _view(ref: str, victims: TheVictims, contacts: TheContacts) -> HandOverView:
    case, victim = victims.read(ref)
    safely = contacts.read(ref)
    person, law = contacts.person, victims.cases.law
    with contacts.database.reading() as connection:
        notes = case_notes(connection, person=person, ref=ref, vault=contacts.vault)
        taken = hand_over_of(
            connection,
            person=person,
            ref=ref,
            calendar=law.calendar,
            policy=published_policy(),
            vault=contacts.vault,
        )
    written = tuple(note for note in notes if note.for_hand_over)
    return HandOverView(case, victim, safely, contacts.before(ref), written, taken, case.officer_id == person.id)

"""The notes of a case: the one place where words about people are kept."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.use_form import use_form
from victimcare.commands.write_note import write_note
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage
from victimcare.queries.notes import NoteView, case_notes, location_told
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheVault
from victimcare.web.forms import Sent, blank
from victimcare.web.location_check import MayTellLocation, ask, goes_back, to_ask
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter()


class NoteForm(MayTellLocation):
    """A note."""

    words: str = Field(title="Note", description="Enter the note", max_length=5_000)


@dataclass(frozen=True, slots=True)
class NotesView:
    """The notes, newest first."""

    case: CasePage
    notes: tuple[NoteView, ...]
    written: bool = False


@router.get("/cases/{ref}/notes", dependencies=[policy(Action.SEE_FILE)])
def notes_page(
    request: Request,
    ref: CaseRef,
    cases: TheCases,
    database: TheDatabase,
    person: CurrentPerson,
    vault: TheVault,
    written: bool = False,
) -> Response:
    """Every note, and the form for another."""
    with database.reading() as connection:
        notes = case_notes(connection, person=person, ref=ref, vault=vault)
    view = NotesView(cases.read(ref), notes, written)
    return render(request, "notes/notes.html", view, form=blank(NoteForm))


@router.post("/cases/{ref}/notes", dependencies=[policy(Action.RECORD_EVENT)])
def write(
    request: Request,
    ref: CaseRef,
    form: Sent[NoteForm],
    cases: TheCases,
    database: TheDatabase,
    person: CurrentPerson,
    vault: TheVault,
    now: Now,
) -> Response:
    """Keep the note; ask first where its words tell a location."""
    with database.reading() as connection:
        notes = case_notes(connection, person=person, ref=ref, vault=vault)
        told = location_told(connection, person=person, ref=ref, words=form.text("words"), vault=vault)
    view = NotesView(cases.read(ref), notes)
    if form.values is None or goes_back(form):
        return render(request, "notes/notes.html", view, form=form, status=422 if form.values is None else 200)
    if to_ask(form, told):
        return ask(request, form, told, action=f"/cases/{ref}/notes", case=view.case)
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        write_note(connection, ref=ref, words=form.values.words, by=person, now=now, vault=vault)
    return redirect(f"/cases/{ref}/notes?written=true")

"""Asking the supervisor about a case: sealed words, answered on a page of their own, read by whoever works on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import Field

from victimcare.commands.ask_supervisor import answer_question, ask_supervisor, read_answer
from victimcare.commands.use_form import use_form
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage
from victimcare.queries.notes import location_told
from victimcare.queries.questions import QuestionView, case_questions
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.contact_reading import ContactReader, TheContacts
from victimcare.web.forms import Button, Sent, Submitted, blank
from victimcare.web.location_check import MayTellLocation, goes_back, to_ask
from victimcare.web.location_check import ask as ask_location
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/cases/{ref}/questions")

QuestionId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
Done = Literal["", "asked", "answered", "read"]
_DONE = {
    "asked": "Your supervisor sees it now, on the team’s page. The answer will be on your day",
    "answered": "The answer is on the case officer’s day",
    "read": "You have read the answer",
}


class WordsForm(MayTellLocation):
    """A question, or an answer."""

    words: str = Field(title="Words", description="Enter what you want to say", max_length=5_000)


@dataclass(frozen=True, slots=True)
class QuestionsView:
    """The questions of a case, newest first; `question` is the one to answer. `told`: what tells a location."""

    case: CasePage
    questions: tuple[QuestionView, ...]
    question: QuestionView | None = None
    done: str = ""
    told: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        """Where the form goes."""
        below = f"/{self.question.id}/answer" if self.question else ""
        return f"/cases/{self.case.ref}/questions{below}"


@router.get("", dependencies=[policy(Action.SEE_FILE)])
def questions_page(request: Request, ref: CaseRef, cases: TheCases, contacts: TheContacts, done: Done = "") -> Response:
    """What was asked and answered, and the form to ask."""
    view = _view(cases, contacts, ref, done=_DONE.get(done, ""))
    return render(request, "questions/questions.html", view, form=blank(WordsForm))


@router.post("", dependencies=[policy(Action.RECORD_EVENT)])
def ask(request: Request, ref: CaseRef, form: Sent[WordsForm], cases: TheCases, contacts: TheContacts) -> Response:
    """Ask; the supervisor's page has it at once."""
    return _write(
        request,
        form,
        _view(cases, contacts, ref, words=form.text("words")),
        contacts,
        "questions/questions.html",
        lambda connection, words: ask_supervisor(
            connection, ref=ref, words=words, by=contacts.person, now=contacts.now, vault=contacts.vault
        ),
        f"/cases/{ref}/questions?done=asked",
    )


@router.get("/{question_id}/answer", dependencies=[policy(Action.ANSWER_QUESTION)])
def answer_form(
    request: Request, ref: CaseRef, question_id: QuestionId, cases: TheCases, contacts: TheContacts
) -> Response:
    """One question, and the form of its answer."""
    view = _view(cases, contacts, ref, question_id=question_id)
    return render(request, "questions/answer.html", view, form=blank(WordsForm))


@router.post("/{question_id}/answer", dependencies=[policy(Action.ANSWER_QUESTION)])
def answer(
    request: Request,
    ref: CaseRef,
    question_id: QuestionId,
    form: Sent[WordsForm],
    cases: TheCases,
    contacts: TheContacts,
) -> Response:
    """Answer; the officer's day has it at once."""
    return _write(
        request,
        form,
        _view(cases, contacts, ref, question_id=question_id, words=form.text("words")),
        contacts,
        "questions/answer.html",
        lambda connection, words: answer_question(
            connection,
            ref=ref,
            question_id=question_id,
            words=words,
            by=contacts.person,
            now=contacts.now,
            vault=contacts.vault,
        ),
        f"/cases/{ref}/questions?done=answered",
    )


@router.post("/{question_id}/read", dependencies=[policy(Action.RECORD_EVENT)])
def read(ref: CaseRef, question_id: QuestionId, form: Sent[Button], contacts: TheContacts) -> Response:
    """The answer was read: it leaves the day."""
    with contacts.database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
        read_answer(connection, ref=ref, question_id=question_id, by=contacts.person, now=contacts.now)
    return redirect(f"/cases/{ref}/questions?done=read")


def _write(
    request: Request,
    form: Submitted[WordsForm],
    view: QuestionsView,
    contacts: ContactReader,
    template: str,
    command: Callable[[Any, str], object],
    done: str,
) -> Response:
    """Keep the words; ask first where they tell a location."""
    if form.values is None or goes_back(form):
        return render(request, template, view, form=form, status=422 if form.values is None else 200)
    if to_ask(form, view.told):
        return ask_location(request, form, view.told, action=view.action, case=view.case)
    with contacts.database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
        command(connection, form.values.words)
    return redirect(done)


def _view(
    cases: TheCases, contacts: ContactReader, ref: str, *, question_id: str = "", words: str = "", done: str = ""
) -> QuestionsView:
    case = cases.read(ref)
    with contacts.database.reading() as connection:
        found = case_questions(connection, person=contacts.person, ref=ref, vault=contacts.vault)
        told = location_told(connection, person=contacts.person, ref=ref, words=words, vault=contacts.vault)
    question = next((one for one in found if one.id == question_id), None)
    if question_id and question is None:
        raise HTTPException(404)
    return QuestionsView(case, found, question, done, told)

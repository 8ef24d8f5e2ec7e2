"""Asking victims how it was for them: of a case, taking their answers by their number, and what a supervisor reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, create_model

from victimcare.commands.ask_for_feedback import PHONE, Asking, ask_again, ask_for_feedback, stop_asking, take_back
from victimcare.commands.message_times import MessageRefused
from victimcare.commands.take_feedback import Answers, read_feedback, take_feedback
from victimcare.commands.use_form import use_form
from victimcare.domain.feedback import FeedbackAnswer, FeedbackRefused
from victimcare.domain.locations_in_text import told_in
from victimcare.domain.people import Action
from victimcare.editions.feedback import published_survey
from victimcare.presentation.feedback import SaidRow, quarter_title, question_rows, tells_anything
from victimcare.queries.case_page import CasePage
from victimcare.queries.feedback import (
    CaseFeedback,
    TeamFeedback,
    WordsToRead,
    case_feedback,
    team_feedback,
    words_to_read,
)
from victimcare.queries.feedback_figures import heard_of_team
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.contact_reading import TheContacts
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, TheLaw, TheSettings, TheVault, Today
from victimcare.web.feedback_ways import WayToAsk, facts_of_case, language_of, ways_to_ask
from victimcare.web.forms import Button, Form, Sent, Submitted, blank
from victimcare.web.location_check import MayTellLocation, ask, goes_back, to_ask
from victimcare.web.named_rows import row_of
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter()
RequestId = Annotated[int, row_of("feedback_request", "request_id")]
Done = Literal["", "written", "rung", "back", "stopped", "again"]
_DONE = {
    "written": "It is written. A letter is still to be printed and posted, under Messages",
    "rung": "It is noted that you ring them: their number is below",
    "back": "It was taken back: nobody was asked",
    "stopped": "They are not asked any more",
    "again": "They may be asked again",
}
_ABOUT = "about_"
"""How the names of the fields begin that answer a question."""
_OPTIONS = tuple((answer.value, answer.in_words) for answer in FeedbackAnswer)
if TYPE_CHECKING:

    class AnswersForm(MayTellLocation):
        """What a victim answers: to every question, or to none where they want no more of it."""

        number: str
        words: str
        no_more: list[str]

else:
    _ASKED = {
        _ABOUT + question.code: (Literal["", *FeedbackAnswer], Field("", title=question.words))
        for question in published_survey().questions
    }
    AnswersForm = create_model(
        "AnswersForm",
        __base__=MayTellLocation,
        number=(str, Field(title="The number", description="Enter the number in their letter", max_length=40)),
        **_ASKED,
        words=(str, Field("", title="In their own words", max_length=4_000)),
        no_more=(list[Literal["yes"]], Field([], title="No more questions")),
    )


class AskForm(Form):
    """In which way they are asked: what is sent, and by which contact detail."""

    way: str = Field(title="How", description="Choose how they are asked", max_length=80)


class ThemesForm(Form):
    """What the words are about."""

    themes: list[str] = Field([], title="What it is about", max_length=40)


@dataclass(frozen=True, slots=True)
class CaseFeedbackView:
    """A case's page: when they were asked, whether they may be now, and how."""

    case: CasePage
    feedback: CaseFeedback
    ways: tuple[WayToAsk, ...]
    done: str
    refused: str = ""


@dataclass(frozen=True, slots=True)
class AnswersView:
    """The questions to put, and whether answers were just taken."""

    fields: tuple[tuple[str, str], ...]
    taken: bool
    options: tuple[tuple[str, str], ...] = _OPTIONS


@dataclass(frozen=True, slots=True)
class TeamFeedbackView:
    """A supervisor's page: whom to ask, what to read, and what their team's victims answered."""

    team: TeamFeedback
    quarter: str
    ours: tuple[SaidRow, ...]
    force: tuple[SaidRow, ...]
    read: bool


@dataclass(frozen=True, slots=True)
class WordsView:
    """What one victim said, and the themes to choose from."""

    said: WordsToRead
    themes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FeedbackDesk:
    """Reads and changes whether and when the victim of a case is asked."""

    request: Request
    cases: TheCases
    contacts: TheContacts
    today: Today
    law: TheLaw
    settings: TheSettings

    def view(self, ref: str, done: str = "", refused: str = "") -> CaseFeedbackView:
        """The page of the case. Raises `NoSuchCase`."""
        case, contacts = self.cases.read(ref), self.contacts
        with contacts.database.reading() as connection:
            found = case_feedback(
                connection, person=contacts.person, ref=ref, today=self.today, survey=published_survey()
            )
        asks = found.may_ask and found.due is not None
        ways = ways_to_ask(contacts, ref, sends_texts=self.settings.sends_texts) if asks else ()
        return CaseFeedbackView(case, found, ways, done, refused)

    def shown(self, view: CaseFeedbackView, form: Submitted[AskForm], status: int) -> Response:
        """The page."""
        return render(self.request, "feedback/case.html", view, form=form, status=status)

    def refused(self, ref: str, why: str) -> Response:
        """The page with the reason why nothing was done."""
        view = self.view(ref, refused=f"This was not done: {why}")
        return self.shown(view, blank(AskForm), 409)


TheFeedbackDesk = Annotated[FeedbackDesk, Depends(FeedbackDesk)]


@router.get("/cases/{ref}/feedback", dependencies=[policy(Action.RECORD_CONTACT)])
def feedback_of_case(ref: CaseRef, desk: TheFeedbackDesk, done: Done = "") -> Response:
    """When the victim was asked, and whether they may be: never what they answered."""
    view = desk.view(ref, _DONE.get(done, ""))
    only = view.ways[0].key if len(view.ways) == 1 else ""
    return desk.shown(view, blank(AskForm, way=only), 200)


@router.post("/cases/{ref}/feedback", dependencies=[policy(Action.ASK_FOR_FEEDBACK)])
def ask_them(ref: CaseRef, form: Sent[AskForm], desk: TheFeedbackDesk, now: Now, vault: TheVault) -> Response:
    """Ask them in the way that was chosen."""
    view = desk.view(ref)
    way = next((each for each in view.ways if form.values is not None and each.key == form.values.way), None)
    if way is None:
        if form.values is not None:
            form = form.with_error("way", "Choose how they are asked")
        return desk.shown(view, form, 422)
    language = language_of(view.case)
    asking = Asking(way.point_id, way.written_as, language, facts_of_case(view.case, desk.settings.force_name))
    try:
        with desk.contacts.trying("ask for feedback") as connection:
            use_form(connection, form_key=form.form_key, by=desk.contacts.person, now=now)
            ask_for_feedback(
                connection,
                ref=ref,
                asking=asking,
                by=desk.contacts.person,
                now=now,
                law=desk.law,
                vault=vault,
                policy=desk.contacts.policy,
                survey=published_survey(),
            )
    except (FeedbackRefused, MessageRefused) as refused:
        return desk.refused(ref, str(refused))
    return redirect(f"/cases/{ref}/feedback?done={'rung' if way.written_as == PHONE else 'written'}")


@router.post("/cases/{ref}/feedback/back", dependencies=[policy(Action.ASK_FOR_FEEDBACK)])
def not_asked(ref: CaseRef, form: Sent[Button], desk: TheFeedbackDesk, now: Now) -> Response:
    """They were not reached, or are not to be asked after all."""
    try:
        with desk.contacts.database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=desk.contacts.person, now=now)
            take_back(connection, ref=ref, by=desk.contacts.person, now=now, survey=published_survey())
    except FeedbackRefused as refused:
        return desk.refused(ref, str(refused))
    return redirect(f"/cases/{ref}/feedback?done=back")


@router.post("/cases/{ref}/feedback/stop", dependencies=[policy(Action.RECORD_CONTACT)])
def stop(ref: CaseRef, form: Sent[Button], person: CurrentPerson, database: TheDatabase, now: Now) -> Response:
    """They do not want to be asked."""
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        stop_asking(connection, ref=ref, by=person, now=now)
    return redirect(f"/cases/{ref}/feedback?done=stopped")


@router.post("/cases/{ref}/feedback/again", dependencies=[policy(Action.RECORD_CONTACT)])
def again(ref: CaseRef, form: Sent[Button], person: CurrentPerson, database: TheDatabase, now: Now) -> Response:
    """They may be asked after all."""
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        ask_again(connection, ref=ref, by=person, now=now)
    return redirect(f"/cases/{ref}/feedback?done=again")


@router.get("/feedback", dependencies=[policy(Action.TAKE_FEEDBACK)])
def answers_form(request: Request, taken: bool = False) -> Response:
    """A victim rings, or wrote, to answer."""
    return render(request, "feedback/take.html", AnswersView(_fields(), taken), form=blank(AnswersForm))


@router.post("/feedback", dependencies=[policy(Action.TAKE_FEEDBACK)])
def take_answers(
    request: Request,
    form: Sent[AnswersForm],
    person: CurrentPerson,
    database: TheDatabase,
    vault: TheVault,
    now: Now,
) -> Response:
    """Keep what they answered: nothing of the case is shown to whoever takes it."""
    view = AnswersView(_fields(), taken=False)
    if goes_back(form):
        return render(request, "feedback/take.html", view, form=form)
    form = _complete(form)
    values = form.values
    if values is None:
        return render(request, "feedback/take.html", view, form=form, status=422)
    told = told_in(values.words)
    if to_ask(form, told):
        return ask(request, form, told, action="/feedback")
    answers = Answers(_given(form), values.words, no_more=bool(values.no_more))
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            how = {"by": person, "now": now, "vault": vault, "survey": published_survey()}
            take_feedback(connection, number=values.number, answers=answers, **how)  # type: ignore[arg-type]
    except FeedbackRefused as refused:
        return render(request, "feedback/take.html", view, form=form.with_error("number", refused.why), status=422)
    return redirect("/feedback?taken=true")


@router.get("/team/feedback", dependencies=[policy(Action.READ_FEEDBACK)])
def of_team(
    request: Request,
    person: CurrentPerson,
    database: TheDatabase,
    settings: TheSettings,
    today: Today,
    consulted: Consulted,
    read: bool = False,
) -> Response:
    """Whom to ask, whose words to read, and what was answered."""
    survey, threshold = published_survey(), settings.small_numbers_below
    with database.reading() as connection:
        team = team_feedback(connection, person=person, today=today, survey=survey)
        quarter, force, ours = heard_of_team(connection, person=person, today=today, survey=survey, threshold=threshold)
    consulted("feedback of the team", team.case_ids)
    of_ours = question_rows(ours, survey, threshold=threshold) if ours else ()
    view = TeamFeedbackView(
        team=team,
        quarter=quarter_title(quarter),
        ours=of_ours if tells_anything(of_ours) else (),
        force=question_rows(force, survey, threshold=threshold) if force.answered else (),
        read=read,
    )
    return render(request, "feedback/team.html", view)


@router.get("/team/feedback/{request_id}", dependencies=[policy(Action.READ_FEEDBACK)])
def words(
    request: Request,
    request_id: RequestId,
    person: CurrentPerson,
    database: TheDatabase,
    vault: TheVault,
    consulted: Consulted,
) -> Response:
    """What a victim said in their own words."""
    with database.reading() as connection:
        said = words_to_read(connection, person=person, request_id=request_id, survey=published_survey(), vault=vault)
    consulted("words of feedback", [said.case_id])
    return render(request, "feedback/words.html", WordsView(said, _themes()), form=blank(ThemesForm))


@router.post("/team/feedback/{request_id}", dependencies=[policy(Action.READ_FEEDBACK)])
def read_words(
    request: Request,
    request_id: RequestId,
    form: Sent[ThemesForm],
    person: CurrentPerson,
    database: TheDatabase,
    vault: TheVault,
    now: Now,
) -> Response:
    """Say what it is about: once."""
    with database.reading() as connection:
        said = words_to_read(connection, person=person, request_id=request_id, survey=published_survey(), vault=vault)
    known = {code for code, _ in _themes()}
    if form.values is not None and (not form.values.themes or not known.issuperset(form.values.themes)):
        form = form.with_error("themes", "Choose what it is about: something else, if nothing fits")
    if form.values is None:
        return render(request, "feedback/words.html", WordsView(said, _themes()), form=form, status=422)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            themes = frozenset(form.values.themes)
            read_feedback(connection, request_id=request_id, themes=themes, by=person, now=now)
    except FeedbackRefused as refused:
        form = form.with_error("themes", refused.why)
        return render(request, "feedback/words.html", WordsView(said, _themes()), form=form, status=409)
    return redirect("/team/feedback?read=true")


def _fields() -> tuple[tuple[str, str], ...]:
    """The name of the field of each question, and the question."""
    return tuple((_ABOUT + question.code, question.words) for question in published_survey().questions)


def _themes() -> tuple[tuple[str, str], ...]:
    return tuple((theme.code, theme.words) for theme in published_survey().themes)


def _given(form: Submitted[AnswersForm]) -> dict[str, FeedbackAnswer]:
    """The answers that were ticked, by the codes of their questions."""
    ticked = {name.removeprefix(_ABOUT): form.text(name).strip() for name, _ in _fields()}
    return {code: FeedbackAnswer(given) for code, given in ticked.items() if given}


def _complete(form: Submitted[AnswersForm]) -> Submitted[AnswersForm]:
    """The form with an error at each question that was passed over; at none, where they want no more of any."""
    ticked = any(form.text(name).strip() for name, _ in _fields())
    if form.text("no_more") and not ticked and not form.text("words").strip():
        return form
    for name, words in _fields():
        if not form.text(name).strip() and not form.error(name):
            form = form.with_error(name, f"Choose an answer, or “rather not say”: {words}")
    return form

"""The cases of a month that a supervisor looks at: what was drawn, the questions about one, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, create_model

from victimcare.commands.check_quality import check_quality
from victimcare.commands.use_form import use_form
from victimcare.domain.dip_sample import Answer, Month, QualityQuestion
from victimcare.domain.people import Action
from victimcare.editions.quality_questions import published_questions
from victimcare.queries.case_page import CasePage, case_page
from victimcare.queries.dip_samples import DipSamples, SampledCase, dip_samples, sampled_case
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, TheLaw, TheSettings, Today
from victimcare.web.forms import Form, Sent, blank
from victimcare.web.offered import NotOffered
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/team/samples")
_ABOUT = "about_"
"""How the names of the fields begin that answer a question."""
if TYPE_CHECKING:

    class QualityForm(Form):
        """An answer to each question of the force."""

else:
    _ASKED = {
        _ABOUT + question.code: (
            Answer,
            Field(title=question.words, description=f"Answer the question: {question.words}"),
        )
        for question in published_questions()
    }
    QualityForm = create_model("QualityForm", __base__=Form, **_ASKED)


@dataclass(frozen=True, slots=True)
class SamplesView:
    """The month's sample and results; `answered`: a case whose questions were just answered."""

    samples: DipSamples
    may_go_on: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class QualityView:
    """One case that was drawn, and the questions about it."""

    case: CasePage
    drawn: SampledCase
    questions: tuple[QualityQuestion, ...]
    options: tuple[tuple[str, str], ...] = tuple((answer.value, answer.in_words) for answer in Answer)

    @property
    def action(self) -> str:
        """Where the answers go."""
        return f"/team/samples/{self.drawn.month.code}/{self.drawn.officer_id}/{self.drawn.ref}"

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The name of the field of each question, and the question."""
        return tuple((_ABOUT + question.code, question.words) for question in self.questions)


@router.get("", dependencies=[policy(Action.CHECK_QUALITY)])
def samples(
    request: Request,
    person: CurrentPerson,
    database: TheDatabase,
    today: Today,
    consulted: Consulted,
    month: str = "",
    answered: bool = False,
) -> Response:
    """What was drawn of each officer in a month that is over: the last, if none is asked for. Raises `NotOffered`."""
    wanted = _month_over(month, today) if month else Month.of(today).before
    if wanted is None:
        raise NotOffered
    with database.reading() as connection:
        found = dip_samples(connection, person=person, month=wanted, questions=published_questions())
    consulted("sample of a month", found.case_ids)
    view = SamplesView(found, wanted.after < Month.of(today), answered)
    return render(request, "team/samples.html", view)


@dataclass(frozen=True, slots=True)
class QualityDesk:
    """Shows a case that was drawn with the questions about it."""

    person: CurrentPerson
    database: TheDatabase
    today: Today
    law: TheLaw
    settings: TheSettings
    consulted: Consulted

    def view(self, month: str, holder: str, ref: str) -> QualityView:
        """The case and its questions. Raises `NoSuchCase` where it was not drawn of this officer and month."""
        of_month = _month_over(month, self.today)
        how = {"person": self.person, "ref": ref}
        names = {"police": self.settings.force_name}
        with self.database.reading() as connection:
            drawn = sampled_case(connection, month=of_month, officer_id=holder, **how)  # type: ignore[arg-type]
            case = case_page(connection, today=self.today, law=self.law, agency_names=names, **how)  # type: ignore[arg-type]
        self.consulted("quality of a case", [case.case_id])
        return QualityView(case, drawn, published_questions())


TheQualityDesk = Annotated[QualityDesk, Depends(QualityDesk)]


@router.get("/{month}/{holder}/{drawn}", dependencies=[policy(Action.CHECK_QUALITY)])
def questions(request: Request, month: str, holder: str, drawn: CaseRef, desk: TheQualityDesk) -> Response:
    """The questions about a case that was drawn."""
    return render(request, "team/quality.html", desk.view(month, holder, drawn), form=blank(QualityForm))


@router.post("/{month}/{holder}/{drawn}", dependencies=[policy(Action.CHECK_QUALITY)])
def answer(
    request: Request,
    month: str,
    holder: str,
    drawn: CaseRef,
    form: Sent[QualityForm],
    desk: TheQualityDesk,
    now: Now,
) -> Response:
    """Store the answers, once and for good."""
    view = desk.view(month, holder, drawn)
    if form.values is None:
        return render(request, "team/quality.html", view, form=form, status=422)
    answers = {name.removeprefix(_ABOUT): Answer(given) for name, given in form.values.model_dump().items()}
    with desk.database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=desk.person, now=now)
        of_sample = {"ref": drawn, "officer_id": holder, "month": view.drawn.month}
        check_quality(connection, answers=answers, by=desk.person, now=now, **of_sample)  # type: ignore[arg-type]
    return redirect(f"/team/samples?month={view.drawn.month.code}&answered=true")


def _month_over(code: str, today: date) -> Month | None:
    """The month of this code if it is over: before, what is drawn from still grows."""
    month = Month.read(code)
    return month if month is not None and month < Month.of(today) else None

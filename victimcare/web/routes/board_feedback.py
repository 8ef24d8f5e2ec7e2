"""What victims answered when they were asked how it was for them, for the board."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from victimcare.domain.feedback import Survey
from victimcare.domain.people import Action
from victimcare.editions.feedback import published_survey
from victimcare.presentation import charts, feedback
from victimcare.presentation.figures import number
from victimcare.queries.feedback_figures import FeedbackView
from victimcare.web.board_reading import TheFigures, chosen_group, chosen_quarter
from victimcare.web.deps import Consulted, TheSettings
from victimcare.web.offered import one_of
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter(prefix="/board", dependencies=[policy(Action.SEE_BOARD)])


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """What was answered in a quarter, broken down; `heard`: whether enough answered to show anything."""

    view: FeedbackView
    survey: Survey
    title: str
    quarters: tuple[tuple[str, str], ...]
    breakdowns: tuple[tuple[str, str], ...]
    line: str
    heard: bool
    by_quarter: tuple[feedback.AnsweredRow, ...]
    of_all: tuple[feedback.SaidRow, ...]
    groups: tuple[feedback.AnsweredRow, ...]
    by_group: tuple[feedback.QuestionTable, ...]
    themes: tuple[tuple[str, str], ...]
    words: str
    questions: tuple[tuple[str, str], ...]
    question: str
    by_month: feedback.MonthsSaid | None
    drawings: tuple[Markup, ...]
    threshold: int


@router.get("/feedback")
def what_victims_answered(
    request: Request,
    figures: TheFigures,
    settings: TheSettings,
    consulted: Consulted,
    quarter: str = "",
    by: str = "",
    question: str = "",
) -> Response:
    """A quarter of the menu, broken down; how many answered in each quarter, and a question month by month."""
    survey, threshold = published_survey(), settings.small_numbers_below
    quarters = figures.feedback_quarters()
    view = figures.feedback(chosen_quarter(quarters, quarter), chosen_group(by))
    line = view.chosen.table.all
    months = {one.question: one for one in figures.feedback_months()}
    chosen = months.get(one_of(question, {one.code for one in survey.questions})) or next(iter(months.values()), None)
    by_month = feedback.months_said(chosen, survey) if chosen else None
    page = FeedbackPage(
        view=view,
        survey=survey,
        title=feedback.quarter_title(view.chosen.quarter),
        quarters=tuple((one.id, feedback.quarter_title(one)) for one in quarters),
        breakdowns=tuple((each.value, title) for each, title in feedback.BREAKDOWNS.items()),
        line=feedback.BREAKDOWNS[view.by],
        heard=isinstance(line.answered, int) and line.answered > 0,
        by_quarter=feedback.quarter_rows(view, threshold=threshold),
        of_all=feedback.question_rows(line, survey, threshold=threshold),
        groups=feedback.group_rows(view, survey, threshold=threshold),
        by_group=feedback.question_tables(view, survey, threshold=threshold),
        themes=feedback.theme_rows(view, survey),
        words=number(view.chosen.words),
        questions=tuple((one.code, one.words) for one in survey.questions),
        question=chosen.question if chosen else "",
        by_month=by_month,
        drawings=charts.in_both_shapes(by_month.chart) if by_month and by_month.chart else (),
        threshold=threshold,
    )
    consulted(f"board feedback {view.chosen.quarter.id} by {view.by.value}", ())
    return render(request, "board/feedback.html", page)

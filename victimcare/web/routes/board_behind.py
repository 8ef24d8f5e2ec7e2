"""The board's page of what stands behind the duties met in time."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from victimcare.domain.people import Action
from victimcare.presentation import behind_the_figures
from victimcare.presentation.figure_names import Names
from victimcare.web.board_reading import PeriodChoice, TheFigures, period_choice
from victimcare.web.deps import Consulted, TheLaw, TheSettings
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter(prefix="/board", dependencies=[policy(Action.SEE_BOARD)])


@dataclass(frozen=True, slots=True)
class BehindPage:
    """Agency by agency, what supervisors found, and of what victims were asked."""

    choice: PeriodChoice
    agencies: tuple[behind_the_figures.Agency, ...]
    questions: tuple[behind_the_figures.Question, ...]
    asked: tuple[behind_the_figures.AskedOf, ...]
    threshold: int


@router.get("/behind")
def behind(
    request: Request, figures: TheFigures, law: TheLaw, settings: TheSettings, consulted: Consulted, period: str = ""
) -> Response:
    """Why duties were late, whether somebody tried, when answers were recorded, and what was found of quality."""
    choice, names = period_choice(figures.menu(), period), Names(law.code, {})
    view = figures.behind(choice.period) if choice.period else None
    page = BehindPage(
        choice=choice,
        agencies=behind_the_figures.agencies(view, names) if view else (),
        questions=behind_the_figures.questions(view, names) if view else (),
        asked=behind_the_figures.asked(view, names) if view else (),
        threshold=settings.small_numbers_below,
    )
    consulted(f"board behind {choice.period_id}", ())
    return render(request, "board/behind.html", page)

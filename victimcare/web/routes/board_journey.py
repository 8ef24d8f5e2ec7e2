"""The board's page of journeys: what was done on the way, how long it took, and by how many officers."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from victimcare.domain.people import Action
from victimcare.presentation import journey_figures
from victimcare.presentation.figure_names import known_on_in_words
from victimcare.presentation.words import day
from victimcare.queries.journey_figures import JourneyFigures
from victimcare.web.board_reading import PeriodChoice, TheFigures, period_choice
from victimcare.web.deps import Consulted, TheSettings
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter(prefix="/board", dependencies=[policy(Action.SEE_BOARD)])


@dataclass(frozen=True, slots=True)
class JourneyPart:
    """The journeys of the chosen period; `of_one_quarter`: days are told."""

    stages: tuple[journey_figures.StageRow, ...]
    steps: tuple[tuple[str, str], ...]
    officers: tuple[journey_figures.PartRow, ...]
    closed: str
    silences: tuple[journey_figures.PartRow, ...]
    open_cases: str
    ended: str
    known_on: str
    of_one_quarter: bool


@dataclass(frozen=True, slots=True)
class JourneyPage:
    """The journeys: `part` is None while no figures were published."""

    choice: PeriodChoice
    part: JourneyPart | None
    threshold: int


@router.get("/journeys")
def journeys(
    request: Request, figures: TheFigures, settings: TheSettings, consulted: Consulted, period: str = ""
) -> Response:
    """The journeys of a period of the menu."""
    choice = period_choice(figures.menu(), period)
    part = _part(figures.journeys(choice.period)) if choice.period else None
    consulted(f"board journeys {choice.period_id}", ())
    return render(request, "board/journeys.html", JourneyPage(choice, part, settings.small_numbers_below))


def _part(view: JourneyFigures) -> JourneyPart:
    return JourneyPart(
        stages=journey_figures.stages(view),
        steps=journey_figures.steps(view),
        officers=journey_figures.officers(view),
        closed=journey_figures.closed(view),
        silences=journey_figures.silences(view),
        open_cases=journey_figures.open_cases(view),
        ended=day(view.period.last_on),
        known_on=known_on_in_words(
            [on for table in (view.stages, view.steps, view.continuity, view.silence) for on in table.known_on]
        ),
        of_one_quarter=len(view.period.quarters) == 1,
    )

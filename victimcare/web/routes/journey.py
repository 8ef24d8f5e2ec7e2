"""The journey of one case: a line of its stages, and everything that happened."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from victimcare.domain.event_kinds import Stage
from victimcare.domain.people import Action
from victimcare.presentation.paging import Paging
from victimcare.queries.case_page import CasePage
from victimcare.queries.journey import JourneyFilter, Moment, Shown, moments
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.offered import one_of
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()

_STAGES = {stage.name.lower().replace("_", "-"): stage for stage in Stage}
_SHOWN = {
    Shown.EVERYTHING: "Everything",
    Shown.CONTACTS: "Contacts with the victim only",
    Shown.DUTIES: "Duties met or missed only",
    Shown.CORRECTIONS: "Corrections only",
}


@dataclass(frozen=True, slots=True)
class JourneyView:
    """A page of the journey, and what it is filtered by. `stage` is its name in the address."""

    case: CasePage
    wanted: JourneyFilter
    stage: str
    moments: tuple[Moment, ...]
    paging: Paging
    stages: tuple[tuple[str, str], ...]
    shown: tuple[tuple[str, str], ...]


@router.get("/cases/{ref}/journey", dependencies=[policy(Action.SEE_CASE)])
def journey_page(
    request: Request,
    ref: CaseRef,
    cases: TheCases,
    shown: str = "",
    stage: str = "",
    compact: bool = False,
    page: int = 1,
) -> Response:
    """Everything that happened, newest first. Raises `NotOffered`."""
    case = cases.read(ref)
    stage = one_of(stage, _STAGES)
    wanted = JourneyFilter(
        shown=Shown(one_of(shown, list(Shown)) or Shown.EVERYTHING),
        stage=_STAGES.get(stage),
        compact=compact,
    )
    found = moments(case, wanted)
    asked = {"shown": wanted.shown.value, "stage": stage, "compact": "true" if compact else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    paging = Paging(page, len(found), wanted.page_size, f"/cases/{ref}/journey{'?' + query if query else ''}")
    view = JourneyView(
        case=case,
        wanted=wanted,
        stage=stage,
        moments=found[paging.offset : paging.last],
        paging=paging,
        stages=tuple((name, known.value) for name, known in _STAGES.items()),
        shown=tuple((value.value, words) for value, words in _SHOWN.items()),
    )
    return render(request, "journey/journey.html", view)

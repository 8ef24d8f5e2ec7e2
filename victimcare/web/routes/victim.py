"""The victim of a case: who they are, who is told, what they need and what they chose."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from victimcare.domain.people import Action
from victimcare.editions.equality import characteristics
from victimcare.queries.case_page import CasePage
from victimcare.queries.other_cases import OtherCases
from victimcare.queries.victim_page import VictimPage
from victimcare.web.case_references import CaseRef
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.victim_reading import TheVictims

router = APIRouter()
_DONE = {
    "identity": "What is known of the victim was corrected",
    "needs": "Needs assessed",
    "choices": "Choices recorded",
    "told": "Who is told was recorded",
    "equality": "Answers recorded",
    "linked": "Link recorded",
}


@dataclass(frozen=True, slots=True)
class VictimView:
    """The page, and what was just recorded."""

    case: CasePage
    victim: VictimPage
    others: OtherCases
    done: str
    characteristics: int = len(characteristics())


@router.get("/cases/{ref}/victim", dependencies=[policy(Action.SEE_CASE)])
def the_victim(request: Request, ref: CaseRef, victims: TheVictims, done: str = "") -> Response:
    """Who the victim is and what is known of them beside the journey."""
    case, victim = victims.read(ref)
    others = victims.others(ref)
    return render(request, "victim/victim.html", VictimView(case, victim, others, _DONE.get(done, "")))

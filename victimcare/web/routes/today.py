"""The case officer's day."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from victimcare.domain.people import Action
from victimcare.editions.force_policy import published_policy
from victimcare.queries.needs_gaps import NeedsGaps, needs_gaps
from victimcare.queries.worklist import Worklist, worklist
from victimcare.web.deps import Consulted, CurrentPerson, TheDatabase, TheLaw, Today
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()


@dataclass(frozen=True, slots=True)
class TodayView:
    """What is owed, and whose needs nobody has assessed."""

    work: Worklist
    gaps: NeedsGaps


@router.get("/", dependencies=[policy(Action.SEE_OWN_WORK)])
def today_page(
    request: Request, person: CurrentPerson, database: TheDatabase, today: Today, law: TheLaw, consulted: Consulted
) -> Response:
    """What I owe, to whom, today."""
    with database.reading() as connection:
        work = worklist(connection, person=person, today=today, law=law)
        gaps = needs_gaps(connection, person=person, today=today, law=law, policy=published_policy())
    consulted("worklist", [*work.case_ids, *gaps.case_ids])
    view = TodayView(work, gaps)
    return render(request, "today/today.html", view)

"""What the next ten working days bring to the team."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from victimcare.domain.people import Action
from victimcare.editions.workload import published_weights
from victimcare.queries.forecast import forecast
from victimcare.web.deps import Consulted, CurrentPerson, TheDatabase, TheLaw, Today
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()


@router.get("/team/forecast", dependencies=[policy(Action.SEE_TEAM)])
def days_ahead(
    request: Request, person: CurrentPerson, database: TheDatabase, today: Today, law: TheLaw, consulted: Consulted
) -> Response:
    """What falls due by officer and day, who is away, and what listed hearings will start."""
    with database.reading() as connection:
        view = forecast(connection, person=person, today=today, law=law, weights=published_weights())
    consulted("forecast of the team", sorted(set(view.case_ids)))
    return render(request, "team/forecast.html", view)

"""The case officer's day."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from victimcare.domain.people import Action
from victimcare.queries.worklist import worklist
from victimcare.web.deps import Consulted, CurrentPerson, TheDatabase, TheLaw, Today
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()


@router.get("/", dependencies=[policy(Action.SEE_OWN_WORK)])
def today_page(
    request: Request, person: CurrentPerson, database: TheDatabase, today: Today, law: TheLaw, consulted: Consulted
) -> Response:
    """What I owe, to whom, today."""
    with database.reading() as connection:
        view = worklist(connection, person=person, today=today, law=law)
    consulted("worklist", view.case_ids)
    return render(request, "today/today.html", view)

"""The witness care officer's day."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from victimcare.domain.people import Action
from victimcare.queries.witness_care import court_day
from victimcare.web.deps import Consulted, CurrentPerson, TheDatabase, TheLaw, Today
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter(prefix="/witness-care", dependencies=[policy(Action.SEE_WITNESS_CARE)])


@router.get("")
def court_day_page(
    request: Request, person: CurrentPerson, database: TheDatabase, today: Today, law: TheLaw, consulted: Consulted
) -> Response:
    """What the witness care unit owes, to whom, and what it waits for from courts."""
    with database.reading() as connection:
        day = court_day(connection, person=person, today=today, law=law)
    consulted("witness care", day.case_ids)
    return render(request, "witness_care/day.html", day)

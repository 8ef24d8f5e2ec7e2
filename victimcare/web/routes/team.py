"""The supervisor's page: the figures of the team, and what waits for the supervisor; the lists of what waits."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from victimcare.domain.people import Action
from victimcare.editions.force_policy import published_policy
from victimcare.editions.workload import published_weights
from victimcare.queries.team import TeamPage, team_page
from victimcare.queries.unheard import Unheard, unheard
from victimcare.queries.waiting import Waiting, waiting
from victimcare.web.deps import Consulted, CurrentPerson, TheDatabase, TheLadder, TheLaw, Today
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()


@dataclass(frozen=True, slots=True)
class TeamView:
    """The figures of the team, what waits, and what nobody was here to hear."""

    team: TeamPage
    waiting: Waiting
    unheard: tuple[Unheard, ...]


@router.get("/team", dependencies=[policy(Action.SEE_TEAM)])
def team(
    request: Request, person: CurrentPerson, database: TheDatabase, today: Today, law: TheLaw, ladder: TheLadder
) -> Response:
    """How the team stands: each number leads to its list. No case is named here."""
    with database.reading() as connection:
        page = team_page(connection, person=person, today=today, law=law, weights=published_weights())
        nobody_heard = unheard(connection, person=person)
        waits = waiting(connection, person=person, today=today, law=law, ladder=ladder, policy=published_policy())
    return render(request, "team/team.html", TeamView(page, waits, nobody_heard))


@router.get("/team/waiting", dependencies=[policy(Action.SEE_TEAM)])
def what_waits(
    request: Request,
    person: CurrentPerson,
    database: TheDatabase,
    today: Today,
    law: TheLaw,
    ladder: TheLadder,
    consulted: Consulted,
) -> Response:
    """The cases in which something waits for the supervisor, by what it is."""
    with database.reading() as connection:
        view = waiting(connection, person=person, today=today, law=law, ladder=ladder, policy=published_policy())
    consulted("what waits in the team", view.case_ids)
    return render(request, "team/waiting.html", view)

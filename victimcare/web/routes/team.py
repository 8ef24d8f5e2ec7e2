"""The supervisor's page: the figures of the team, and what waits for the supervisor; the lists of what waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from victimcare.domain.people import Action
from victimcare.editions.force_policy import published_policy
from victimcare.editions.workload import published_weights
from victimcare.presentation.paging import Paging
from victimcare.queries.team import TeamPage, team_page
from victimcare.queries.unheard import Unheard, unheard
from victimcare.queries.waiting import LISTS, LONGEST, PAGE_SIZE, Waiting, waiting, waiting_list
from victimcare.web.deps import Consulted, CurrentPerson, TheDatabase, TheLadder, TheLaw, Today
from victimcare.web.offered import one_of
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()


@dataclass(frozen=True, slots=True)
class TeamView:
    """The figures of the team, what waits, and what nobody was here to hear."""

    team: TeamPage
    waiting: Waiting
    unheard: tuple[Unheard, ...]


@dataclass(frozen=True, slots=True)
class WaitingView:
    """What waits; `paging` is of the one list that is shown whole, None where all lists are shown by their first."""

    waits: Waiting
    paging: Paging | None = None


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
    only: str = "",
    page: int = 1,
) -> Response:
    """The cases in which something waits for the supervisor, by what it is; or one list whole, in pages.

    Raises `NotOffered`.
    """
    how: dict[str, Any] = {"person": person, "today": today, "law": law, "ladder": ladder}
    with database.reading() as connection:
        if one_of(only, LISTS):
            found, total = waiting_list(connection, which=only, page=page, policy=published_policy(), **how)
            paging = Paging(page, min(total, LONGEST), PAGE_SIZE, f"/team/waiting?only={only}")
            view = WaitingView(found.rows(paging.offset, paging.offset + PAGE_SIZE), paging)
        else:
            view = WaitingView(waiting(connection, policy=published_policy(), **how))
    consulted("what waits in the team", view.waits.case_ids)
    return render(request, "team/waiting.html", view)

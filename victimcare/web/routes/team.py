"""The supervisor's page: the figures of the team, and what waits for the supervisor; the lists of what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from victimcare.domain.people import Action
from victimcare.editions.force_policy import published_policy
from victimcare.editions.workload import published_weights
from victimcare.presentation.paging import Paging
from victimcare.queries.out_of_touch import OutOfTouch, out_of_touch
from victimcare.queries.team import TeamPage, team_page
from victimcare.queries.unheard import Unheard, unheard
from victimcare.queries.waiting import LISTS, LONGEST, OF_AN_OFFICER, PAGE_SIZE, Waiting, waiting, waiting_list
from victimcare.web.deps import Consulted, CurrentPerson, TheDatabase, TheLadder, TheLaw, Today
from victimcare.web.offered import one_of
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()


@dataclass(frozen=True, slots=True)
class TeamView:
    """The figures of the team, what waits, what nobody was here to hear, and who is out of touch with their victims."""

    team: TeamPage
    waiting: Waiting
    unheard: tuple[Unheard, ...]
    out_of_touch: tuple[OutOfTouch, ...]


@dataclass(frozen=True, slots=True)
class WaitingView:
    """What waits; `paging` is of the one list that is shown whole, None where all lists are shown by their first.

    `only`: which one that is. `officer_name`: whose cases alone it is of. `reasons`: of an emergency, by code.
    """

    waits: Waiting
    paging: Paging | None = None
    only: str = ""
    officer_name: str = ""
    reasons: Mapping[str, str] = field(default_factory=lambda: published_policy().emergencies)


@router.get("/team", dependencies=[policy(Action.SEE_TEAM)])
def team(
    request: Request, person: CurrentPerson, database: TheDatabase, today: Today, law: TheLaw, ladder: TheLadder
) -> Response:
    """How the team stands: each number leads to its list. No case is named here."""
    how: dict[str, Any] = {"person": person, "today": today, "law": law}
    policy_of_force: dict[str, Any] = {"ladder": ladder, "policy": published_policy()}
    with database.reading() as connection:
        page = team_page(connection, weights=published_weights(), **how)
        nobody_heard = unheard(connection, person=person)
        waits = waiting(connection, **how, **policy_of_force)
        touch = out_of_touch(connection, **how, **policy_of_force)
    return render(request, "team/team.html", TeamView(page, waits, nobody_heard, touch))


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
    officer: str = "",
    page: int = 1,
) -> Response:
    """The cases in which something waits for the supervisor, by what it is; or one list whole, in pages.

    Two of the lists can be of one officer's cases. Raises `NotOffered`.
    """
    how: dict[str, Any] = {"person": person, "today": today, "law": law, "ladder": ladder, "policy": published_policy()}
    with database.reading() as connection:
        if one_of(only, LISTS):
            touch = out_of_touch(connection, **how) if officer else ()
            names = {one.officer_id: one.name for one in touch if only in OF_AN_OFFICER}
            asked = {"only": only, **({"officer": officer} if one_of(officer, names) else {})}
            found, total = waiting_list(connection, which=only, page=page, officer_id=officer, **how)
            paging = Paging(page, min(total, LONGEST), PAGE_SIZE, f"/team/waiting?{urlencode(asked)}")
            shown = found.rows(paging.offset, paging.offset + PAGE_SIZE)
            view = WaitingView(shown, paging, only, names.get(officer, ""))
        else:
            view = WaitingView(waiting(connection, **how))
    consulted("what waits in the team", view.waits.case_ids)
    return render(request, "team/waiting.html", view)

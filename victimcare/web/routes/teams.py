"""The teams, kept by administrators: name, area, and the supervisor on duty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from victimcare.commands.keep_people import PersonChanged
from victimcare.commands.keep_teams import NoSuchTeam, add_team, change_team
from victimcare.commands.use_form import use_form
from victimcare.domain.people import Action, Person
from victimcare.domain.position import PositionRefused
from victimcare.queries.people import TeamHere, teams_here
from victimcare.queries.unheard import Unheard, unheard
from victimcare.web.deps import CurrentPerson, Now, TheDatabase
from victimcare.web.errors import sentence
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/people/teams", dependencies=[policy(Action.KEEP_PEOPLE)])

TeamId = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,64}$")]


class TeamForm(Form):
    """A team. `seen` stands for the row that the administrator had before them."""

    seen: str = Field("", title="Version", max_length=40)
    name: str = Field(title="Name", description="Enter the name of the team", max_length=60)
    area: str = Field(title="Area", description="Enter the area whose crimes it takes", max_length=60)
    on_duty: str = Field("", title="Supervisor on duty", max_length=64)
    next_supervisor: str = Field("", title="Next supervisor", max_length=64)
    inbox: str = Field("", title="Inbox of the team", max_length=200, pattern=r"^[!-?A-~]+@[0-9A-Za-z.-]+$")


@dataclass(frozen=True, slots=True)
class TeamsView:
    """Every team, and what nobody of them was here to hear."""

    teams: tuple[TeamHere, ...]
    unheard: tuple[Unheard, ...]


@dataclass(frozen=True, slots=True)
class TeamFormView:
    """The form of a team; None: a new one."""

    team: TeamHere | None


@router.get("")
def all_teams(request: Request, person: CurrentPerson, database: TheDatabase) -> Response:
    """Every team."""
    with database.reading() as connection:
        view = TeamsView(teams_here(connection, person=person), unheard(connection, person=person))
    return render(request, "people/teams.html", view)


@router.get("/new")
def new_team(request: Request) -> Response:
    """An empty form."""
    return render(request, "people/team.html", TeamFormView(None), form=blank(TeamForm))


@router.post("")
def add(request: Request, form: Sent[TeamForm], person: CurrentPerson, database: TheDatabase, now: Now) -> Response:
    """Add a team."""
    view = TeamFormView(None)
    if form.values is None:
        return _again(request, view, form)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            values = form.values
            add_team(connection, name=values.name, area=values.area, inbox=values.inbox or None, by=person, now=now)
    except PositionRefused as refused:
        return _again(request, view, form.with_error(refused.field, refused.message))
    return redirect("/people/teams")


@router.get("/{team_id}")
def one_team(request: Request, team_id: TeamId, person: CurrentPerson, database: TheDatabase) -> Response:
    """A team as it is."""
    team = _team(database, person, team_id)
    form = blank(
        TeamForm,
        seen=team.seen,
        name=team.name,
        area=team.area,
        on_duty=team.on_duty_id or "",
        next_supervisor=team.next_supervisor_id or "",
        inbox=team.inbox or "",
    )
    return render(request, "people/team.html", TeamFormView(team), form=form)


@router.post("/{team_id}")
def change(
    request: Request,
    team_id: TeamId,
    form: Sent[TeamForm],
    person: CurrentPerson,
    database: TheDatabase,
    now: Now,
) -> Response:
    """Write a team as it is from now on."""
    view = TeamFormView(_team(database, person, team_id))
    values = form.values
    if values is None:
        return _again(request, view, form)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            change_team(
                connection,
                team_id=team_id,
                name=values.name,
                area=values.area,
                duty_supervisor_id=values.on_duty or None,
                next_supervisor_id=values.next_supervisor or None,
                inbox=values.inbox or None,
                seen=values.seen,
                by=person,
                now=now,
            )
    except PositionRefused as refused:
        return _again(request, view, form.with_error(refused.field, refused.message))
    except PersonChanged as refused:
        return _again(request, view, form.with_error("", sentence(refused).removesuffix(".")), status=409)
    return redirect("/people/teams")


def _teams(database: TheDatabase, person: Person) -> tuple[TeamHere, ...]:
    with database.reading() as connection:
        return teams_here(connection, person=person)


def _team(database: TheDatabase, person: Person, team_id: str) -> TeamHere:
    found = next((team for team in _teams(database, person) if team.id == team_id), None)
    if found is None:
        raise NoSuchTeam
    return found


def _again(request: Request, view: TeamFormView, form: Submitted[TeamForm], *, status: int = 422) -> Response:
    return render(request, "people/team.html", view, form=form, status=status)

"""Keep the teams: add one, name it, and say who of its supervisors is on duty, who is above, and where its inbox is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.keep_people import NotTheirPeople, PersonChanged
from victimcare.domain.calendar import london_date
from victimcare.domain.people import Action, Person, may
from victimcare.domain.position import PositionRefused
from victimcare.store import audit, duty_supervisors, staff, staffing


def add_team(connection: Connection, *, name: str, area: str, inbox: str | None, by: Person, now: datetime) -> str:
    """Add a team and return its id. Raises `PositionRefused`."""
    _check(connection, name, by=by)
    team_id = staffing.add_team(connection, name=name, area=area, inbox=inbox)
    audit.write(connection, at=now, operation="collection", what=f"add team {team_id}", person=by)
    return team_id


def change_team(
    connection: Connection,
    *,
    team_id: str,
    name: str,
    area: str,
    duty_supervisor_id: str | None,
    next_supervisor_id: str | None,
    inbox: str | None,
    seen: str,
    by: Person,
    now: datetime,
) -> None:
    """Write a team as it is from now on. Raises `NoSuchTeam`, `PersonChanged`, `PositionRefused`."""
    _check(connection, name, by=by, but=team_id)
    row = staffing.team_row(connection, team_id)
    if row is None:
        raise NoSuchTeam
    if staffing.seen_of(row) != seen:
        raise PersonChanged
    if duty_supervisor_id is None and row.duty_supervisor_id is not None:
        raise PositionRefused("on_duty", "Choose who is on duty: somebody holds what nobody can take")
    if duty_supervisor_id not in {None, row.duty_supervisor_id, *staff.present_supervisors(connection, team_id)}:
        raise PositionRefused("on_duty", "Choose a supervisor of this team")
    supervisors = {person_id for person_id, _ in staff.every_supervisor(connection)}
    if next_supervisor_id not in {None, row.next_supervisor_id, *supervisors}:
        raise PositionRefused("next_supervisor", "Choose a supervisor")
    if next_supervisor_id is not None and next_supervisor_id == duty_supervisor_id:
        raise PositionRefused("next_supervisor", "Choose somebody else than who is on duty")
    values = {"name": name, "area": area, "inbox": inbox}
    values |= {"duty_supervisor_id": duty_supervisor_id, "next_supervisor_id": next_supervisor_id}
    if duty_supervisor_id != row.duty_supervisor_id:
        duty_supervisors.end_duty(connection, team_id, row.duty_supervisor_id, on=london_date(now))
    staffing.change_team(connection, team_id, values)
    audit.write(connection, at=now, operation="alteration", what=f"change team {team_id}", person=by)


def _check(connection: Connection, name: str, *, by: Person, but: str | None = None) -> None:
    if not may(by, Action.KEEP_PEOPLE):
        raise NotTheirPeople(by)
    if staffing.team_name_is_taken(connection, name, but=but):
        raise PositionRefused("name", "Another team has this name")


class NoSuchTeam(LookupError):
    """No team has this id."""

    def __init__(self) -> None:
        super().__init__("there is no such team")

"""Who works here, in which teams: written by those who keep people, and what somebody holds."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from victimcare.domain.people import ROLES, Role
from victimcare.domain.position import Held, Position
from victimcare.store.cases import CASES
from victimcare.store.covers import COVERS
from victimcare.store.protections import PROTECTIONS
from victimcare.store.staff import PEOPLE, TEAMS, NoSuchPerson
from victimcare.store.tables import STILL_PROTECTED


def add_person(connection: Connection, *, name: str, email: str | None, position: Position) -> str:
    """Store somebody who works here from now on, and return their id."""
    person_id = secrets.token_hex(6)
    connection.execute(insert(PEOPLE).values(id=person_id, name=name, email=email, **position_row(position)))
    return person_id


def add_system(connection: Connection, *, name: str, areas: frozenset[str], service_id: str | None) -> str:
    """Store a system of another agency, which is no person and works in no role of people, and return its id."""
    system_id = secrets.token_hex(6)
    row = {"id": system_id, "name": name, "role": Role.API_CLIENT.value, "service_id": service_id}
    connection.execute(insert(PEOPLE).values(**row, areas="\n".join(sorted(areas))))
    return system_id


def row_of(connection: Connection, person_id: str) -> Any:
    """Somebody's row, locked until the transaction ends. Raises `NoSuchPerson`, also for what is no person."""
    human = PEOPLE.c.role.in_(ROLES)
    row = connection.execute(select(PEOPLE).where(PEOPLE.c.id == person_id, human).with_for_update()).first()
    if row is None:
        raise NoSuchPerson(person_id)
    return row


def change_person(connection: Connection, person_id: str, values: Mapping[str, Any]) -> None:
    """Write these columns of somebody's row."""
    connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(values))


def held_by(connection: Connection, person_id: str, *, today: date) -> Held:
    """What is in somebody's hands."""

    def count(table: Any, *conditions: Any) -> int:
        return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())

    on_duty = select(TEAMS.c.name).where(TEAMS.c.duty_supervisor_id == person_id).order_by(TEAMS.c.name)
    return Held(
        open_cases=count(CASES, CASES.c.officer_id == person_id, CASES.c.status == "open"),
        protected_locations=count(PROTECTIONS, PROTECTIONS.c.custodian_id == person_id, text(STILL_PROTECTED)),
        teams_on_duty=tuple(connection.execute(on_duty).scalars()),
        covers=count(COVERS, COVERS.c.cover_id == person_id, COVERS.c.until_on > today),
    )


def add_team(connection: Connection, *, name: str, area: str, inbox: str | None) -> str:
    """Store a team that nobody is of yet, and return its id."""
    team_id = secrets.token_hex(6)
    connection.execute(insert(TEAMS).values(id=team_id, name=name, area=area, inbox=inbox))
    return team_id


def change_team(connection: Connection, team_id: str, values: Mapping[str, Any]) -> None:
    """Write these columns of a team's row."""
    connection.execute(update(TEAMS).where(TEAMS.c.id == team_id).values(values))


def team_name_is_taken(connection: Connection, name: str, *, but: str | None = None) -> bool:
    """Whether another team has this name, in whatever capitals."""
    same = (func.lower(TEAMS.c.name) == name.lower()) & (TEAMS.c.id != (but or ""))
    return connection.execute(select(TEAMS.c.id).where(same)).first() is not None


def team_row(connection: Connection, team_id: str) -> Any:
    """A team's row, locked until the transaction ends; None where there is none."""
    return connection.execute(select(TEAMS).where(TEAMS.c.id == team_id).with_for_update()).first()


def position_row(position: Position) -> dict[str, Any]:
    """The columns of `person` that say what somebody is here."""
    return {
        "role": position.role.value,
        "team_id": position.team_id,
        "service_id": position.service_id,
        "areas": "\n".join(sorted(position.areas)),
        "specialisms": ",".join(sorted(position.specialisms)),
    }


def seen_of(row: Any) -> str:
    """What stands for a row as somebody saw it: it differs as soon as anything in the row does."""
    return sha256(repr(tuple(row)).encode()).hexdigest()[:16]

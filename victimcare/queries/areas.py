"""The areas in which there is a team to take a case, the teams, and the services: what somebody can be of."""

from __future__ import annotations

from sqlalchemy import Connection, select

from victimcare.store import staff
from victimcare.store.services import SERVICES
from victimcare.store.staff import TEAMS


def areas(connection: Connection) -> tuple[str, ...]:
    """Each area once, in the order of the alphabet."""
    return staff.areas(connection)


def areas_to_choose(connection: Connection) -> tuple[tuple[str, str], ...]:
    """The same, as they are chosen from: the area twice."""
    return tuple((area, area) for area in areas(connection))


def teams(connection: Connection) -> tuple[tuple[str, str], ...]:
    """Every team, id and name."""
    rows = connection.execute(select(TEAMS.c.id, TEAMS.c.name).order_by(TEAMS.c.name))
    return tuple((row.id, row.name) for row in rows)


def services(connection: Connection) -> tuple[tuple[str, str], ...]:
    """Every service of the directory, id and name, the retired ones too."""
    rows = connection.execute(select(SERVICES.c.id, SERVICES.c.name).order_by(SERVICES.c.name))
    return tuple((row.id, row.name) for row in rows)

"""The areas in which there is a team to take a case."""

from __future__ import annotations

from sqlalchemy import Connection, select

from victimcare.store.staff import TEAMS


def areas(connection: Connection) -> tuple[str, ...]:
    """Each area once, in the order of the alphabet."""
    return tuple(connection.execute(select(TEAMS.c.area).distinct().order_by(TEAMS.c.area)).scalars())

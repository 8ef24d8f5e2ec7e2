"""How somebody is told of duties."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from victimcare.domain.people import Person
from victimcare.store.staff import PEOPLE


@dataclass(frozen=True, slots=True)
class OwnNotices:
    """Where somebody's notices go (None: nowhere), and whether each comes by itself."""

    address: str | None
    each_alone: bool


def own_notices(connection: Connection, *, person: Person) -> OwnNotices:
    """The person's own; nobody else's."""
    columns = (PEOPLE.c.email, PEOPLE.c.each_notice_alone)
    row = connection.execute(select(*columns).where(PEOPLE.c.id == person.id)).one()
    return OwnNotices(row.email, row.each_notice_alone)

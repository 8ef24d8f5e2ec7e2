"""Keep whom to ask at other agencies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.keep_people import NotTheirPeople, PersonChanged
from victimcare.domain.people import Action, Person, may
from victimcare.store import agency_contacts, audit


def keep_agency_contact(
    connection: Connection, *, agency: str, email: str | None, seen: int, by: Person, now: datetime
) -> None:
    """Write the contact of an agency; None takes it away. Raises `NotTheirPeople`, `PersonChanged`."""
    if not may(by, Action.KEEP_PEOPLE):
        raise NotTheirPeople(by)
    if not agency_contacts.keep(connection, agency, email, seen=seen, by=by.id, at=now):
        raise PersonChanged
    audit.write(connection, at=now, operation="alteration", what=f"keep contact of {agency}", person=by)

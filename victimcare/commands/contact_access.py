"""Opening a case to work on its contact details: whose location is protected, only its custodian may."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import open_for
from victimcare.domain.people import Action, Person
from victimcare.store import audit, protections
from victimcare.store.cases import StoredCase


def open_contacts(
    connection: Connection, *, ref: str, by: Person, action: Action = Action.KEEP_CONTACT_DETAILS
) -> StoredCase:
    """The case, locked, if `by` may do this with its contact details. Raises `NoSuchCase`, `LocationProtected`."""
    stored = open_for(connection, ref, by, action)
    protection = protections.current(connection, stored.id)
    if protection is not None and protection.withholds_from(by):
        raise LocationProtected(protection.custodian_name)
    return stored


def note_change(connection: Connection, stored: StoredCase, *, what: str, by: Person, now: datetime) -> None:
    """Write down what was changed."""
    audit.write(connection, at=now, operation="alteration", what=what, person=by, case_ids=[stored.id])


class LocationProtected(PermissionError):
    """The victim's location is protected, and somebody else is its custodian."""

    def __init__(self, custodian: str) -> None:
        self.custodian = custodian
        super().__init__(f"the location of this victim is protected: ask {custodian}, who alone may reach them")

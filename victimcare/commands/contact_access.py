"""Opening a case to work on its contact details: whose location is protected, only its custodian may."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.emergency_alerts import alert_of_try, refuse_emergency
from victimcare.commands.record_event import open_for
from victimcare.domain.emergency_access import Refusal
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


def note_refusal(
    connection: Connection, *, ref: str, what: str, by: Person, now: datetime, protected: bool = False
) -> None:
    """Write down that somebody tried what was refused, in a transaction of its own.

    Where the location is `protected`, its custodian and those who review are told in the same transaction.
    """
    stored = open_for(connection, ref, by, Action.OPEN_CONTACT_DETAILS)
    said = f"{what}: {Refusal.PROTECTED_LOCATION}" if protected else what
    if protected:
        alert_of_try(connection, case_id=stored.id, by=by, now=now)
    if protected and stored.id == by.emergency_case:
        refuse_emergency(connection, why=Refusal.PROTECTED_LOCATION, ref=ref, by=by, now=now)
    audit.write(
        connection, at=now, operation="disclosure", what=said, person=by, case_ids=[stored.id], outcome="refused"
    )


def note_change(connection: Connection, stored: StoredCase, *, what: str, by: Person, now: datetime) -> None:
    """Write down what was changed."""
    audit.write(connection, at=now, operation="alteration", what=what, person=by, case_ids=[stored.id])


class LocationProtected(PermissionError):
    """The victim's location is protected, and somebody else is its custodian."""

    def __init__(self, custodian: str) -> None:
        self.custodian = custodian
        super().__init__(f"the location of this victim is protected: ask {custodian}, who alone may reach them")

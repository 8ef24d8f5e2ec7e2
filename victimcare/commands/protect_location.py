"""Protect where a victim can be found, for one custodian to know, and end the protection. A supervisor decides."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.contact_access import note_change
from victimcare.commands.record_event import open_for
from victimcare.domain.people import Action, Person, may
from victimcare.store import kept_forms, protections, staff
from victimcare.store.staff import NoSuchPerson
from victimcare.store.vault import Vault


def protect_location(
    connection: Connection, *, ref: str, custodian_id: str, reason: str, by: Person, now: datetime, vault: Vault
) -> None:
    """From now on only the custodian may open or keep contact details; a protection that holds gets a new custodian.

    The custodian must work here and reach the case themselves. Raises `NoSuchCase`, `CannotBeCustodian`.
    """
    stored = open_for(connection, ref, by, Action.PROTECT_LOCATION)
    try:
        custodian = staff.person(connection, custodian_id)
    except NoSuchPerson:
        raise CannotBeCustodian from None
    works = staff.works_cases(connection, custodian_id)
    if not works or not may(custodian, Action.KEEP_CONTACT_DETAILS, stored.holder):
        raise CannotBeCustodian
    protections.end(connection, case_id=stored.id, reason=reason, by=by, now=now, vault=vault)
    protections.begin(
        connection, case_id=stored.id, custodian_id=custodian_id, reason=reason, by=by, now=now, vault=vault
    )
    kept_forms.forget_of_case(connection, ref)
    note_change(connection, stored, what="protect location", by=by, now=now)


def lift_protection(connection: Connection, *, ref: str, reason: str, by: Person, now: datetime, vault: Vault) -> None:
    """End the protection. Raises `NoSuchCase`."""
    stored = open_for(connection, ref, by, Action.PROTECT_LOCATION)
    protections.end(connection, case_id=stored.id, reason=reason, by=by, now=now, vault=vault)
    note_change(connection, stored, what="lift protection of location", by=by, now=now)


class CannotBeCustodian(ValueError):
    """The person chosen cannot reach the case."""

    def __init__(self) -> None:
        super().__init__("choose the case officer, or a supervisor of the team")

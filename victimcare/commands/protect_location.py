"""Protect where a victim can be found, for one custodian to know, and end the protection. A supervisor decides."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.contact_access import LocationProtected, note_change
from victimcare.commands.emergency_alerts import alert
from victimcare.commands.record_event import open_for
from victimcare.domain.calendar import london_date
from victimcare.domain.emergency_access import Alert
from victimcare.domain.people import Action, Person, may
from victimcare.store import kept_forms, protections, staff
from victimcare.store.cases import StoredCase
from victimcare.store.staff import NoSuchPerson
from victimcare.store.vault import Vault


def protect_location(
    connection: Connection, *, ref: str, custodian_id: str, reason: str, by: Person, now: datetime, vault: Vault
) -> None:
    """From now on only the custodian may open or keep contact details; a protection that holds gets a new custodian.

    The custodian must work here and reach the case themselves. Whom a protection that holds lets name another:
    `protections.may_change`. Raises `NoSuchCase`, `CannotBeCustodian`, `LocationProtected`.
    """
    stored = _opened(connection, ref, by=by, now=now)
    try:
        custodian = staff.person(connection, custodian_id)
    except NoSuchPerson:
        raise CannotBeCustodian from None
    works = staff.goes_on_working(connection, custodian_id)
    if not works or not may(custodian, Action.KEEP_CONTACT_DETAILS, stored.holder):
        raise CannotBeCustodian
    protections.end(connection, case_id=stored.id, reason=reason, by=by, now=now, vault=vault)
    protections.begin(
        connection, case_id=stored.id, custodian_id=custodian_id, reason=reason, by=by, now=now, vault=vault
    )
    kept_forms.forget_of_case(connection, ref)
    note_change(connection, stored, what="protect location", by=by, now=now)


def lift_protection(connection: Connection, *, ref: str, reason: str, by: Person, now: datetime, vault: Vault) -> None:
    """End the protection, by whoever may name another custodian. Raises `NoSuchCase`, `LocationProtected`."""
    stored = _opened(connection, ref, by=by, now=now)
    protections.end(connection, case_id=stored.id, reason=reason, by=by, now=now, vault=vault)
    note_change(connection, stored, what="lift protection of location", by=by, now=now)


def _opened(connection: Connection, ref: str, *, by: Person, now: datetime) -> StoredCase:
    """The case, if `by` may decide about its location; others are told where it is not the custodian who does."""
    stored = open_for(connection, ref, by, Action.PROTECT_LOCATION)
    protection = protections.current(connection, stored.id)
    if protection is None:
        return stored
    if not protections.may_change(connection, protection, by=by, holder=stored.holder, today=london_date(now)):
        raise LocationProtected(protection.custodian_name)
    if protection.withholds_from(by):
        tell_of_custody(connection, stored.id, protection.custodian_id, by=by, now=now)
    return stored


def tell_of_custody(connection: Connection, case_id: int, custodian_id: str, *, by: Person, now: datetime) -> None:
    """Tell the one who was custodian, the other supervisors and those who review that somebody else decided."""
    key = secrets.token_hex(8)
    alert(connection, Alert.CUSTODY_TAKEN, case_id=case_id, key=key, by=by, now=now, also={custodian_id})


class CannotBeCustodian(ValueError):
    """The person chosen cannot reach the case."""

    def __init__(self) -> None:
        super().__init__("choose the case officer, or a supervisor of the team")

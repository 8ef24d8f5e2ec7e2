"""Write down what was refused, about the case if there is one: asking again and again is how snooping begins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.emergency_alerts import alert_of_try, refuse_emergency
from victimcare.domain.emergency_access import REMEMBERED, Refusal
from victimcare.domain.people import Person
from victimcare.store import audit, cases, emergency_access


def refuse_case(connection: Connection, *, ref: str, by: Person, now: datetime) -> Refusal | None:
    """One row, about the case if there is one of this reference: the answer to `by` is the same either way.

    Of a case that they opened in an emergency they are told why not, and so are others: that it has ended, or that they
    tried what it does not include.
    """
    case_id = cases.id_of(connection, ref)
    if emergency_access.opened_since(connection, by, ref, now - REMEMBERED):
        why = Refusal.MORE_THAN_LOOKING if case_id == by.emergency_case else Refusal.ENDED
        refuse_emergency(connection, why=why, ref=ref, by=by, now=now)
        return why
    _write(connection, "access", "case", case_id, by, now)
    return None


def refuse(
    connection: Connection, *, what: str, ref: str | None, by: Person, now: datetime, operation: str = "access"
) -> None:
    """One row: that `by` was refused `what` (a code of ours), at an address about no case or about that of `ref`."""
    _write(connection, operation, what, None if ref is None else cases.id_of(connection, ref), by, now)


def refuse_location(connection: Connection, *, what: str, ref: str, by: Person, now: datetime) -> None:
    """The same of a location that is protected: its custodian, and those who review, are told in this transaction."""
    case_id = cases.id_of(connection, ref)
    if case_id is not None:
        alert_of_try(connection, case_id=case_id, by=by, now=now)
        if case_id == by.emergency_case:
            refuse_emergency(connection, why=Refusal.PROTECTED_LOCATION, ref=ref, by=by, now=now)
    _write(connection, "disclosure", f"{what}: {Refusal.PROTECTED_LOCATION}", case_id, by, now)


def _write(connection: Connection, operation: str, what: str, case_id: int | None, by: Person, now: datetime) -> None:
    ids = () if case_id is None else (case_id,)
    audit.write(connection, at=now, operation=operation, what=what, person=by, case_ids=ids, outcome="refused")

"""Write down that somebody asked for a case that is not theirs: asking again and again is how snooping begins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.emergency_alerts import refuse_emergency
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
    ids = () if case_id is None else (case_id,)
    audit.write(connection, at=now, operation="access", what="case", person=by, case_ids=ids, outcome="refused")
    return None

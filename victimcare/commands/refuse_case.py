"""Write down that somebody asked for a case that is not theirs: asking again and again is how snooping begins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.people import Person
from victimcare.store import audit, cases


def refuse_case(connection: Connection, *, ref: str, by: Person, now: datetime) -> None:
    """One row, about the case if there is one of this reference: the answer to `by` is the same either way."""
    case_id = cases.id_of(connection, ref)
    ids = () if case_id is None else (case_id,)
    audit.write(connection, at=now, operation="access", what="case", person=by, case_ids=ids, outcome="refused")

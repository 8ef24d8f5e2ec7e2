"""How somebody wants to be told of duties: one mail in the morning, or each by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.people import Person
from victimcare.store import audit, staffing


def choose_notices(connection: Connection, *, each_alone: bool, by: Person, now: datetime) -> None:
    """Write it. What waits with a digest already leaves with it."""
    staffing.change_person(connection, by.id, {"each_notice_alone": each_alone})
    audit.write(connection, at=now, operation="alteration", what="choose how notices come", person=by)

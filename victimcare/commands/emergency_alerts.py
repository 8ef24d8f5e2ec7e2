"""Tell others of emergency access and of custody that was taken: rows of the outbox, written with what they tell of."""

from __future__ import annotations

import secrets
from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.calendar import WorkingCalendar, london_date
from victimcare.domain.emergency_access import Alert, Refusal, review_overdue
from victimcare.domain.people import Person
from victimcare.store import audit, case_lists, cases, emergency_access, outbox, staff
from victimcare.store.staff import SYSTEM


def alert(
    connection: Connection,
    kind: Alert,
    *,
    case_id: int,
    key: str,
    by: Person,
    now: datetime,
    also: AbstractSet[str] = frozenset(),
) -> None:
    """Tell the supervisors of the case's team, those who review, and `also` these. Nobody is told of what they did
    themselves.

    `key` makes it one alert of its own. Nobody hears of it who is excluded from the case.
    """
    excluded = case_lists.lists_of(connection, [case_id])[case_id].excluded
    supervisors = staff.present_supervisors(connection, cases.team_of(connection, case_id))
    told = {*supervisors, *staff.privacy_reviewers(connection), *also} - {by.id, *excluded}
    outbox.tell(connection, told, step=kind.value, key=key, now=now, case_id=case_id)


def refuse_emergency(connection: Connection, *, why: Refusal, ref: str, by: Person, now: datetime) -> None:
    """Write down that it was refused, and tell others where there is such a case."""
    case_id = cases.id_of(connection, ref)
    if case_id is not None:
        alert(connection, Alert.REFUSED, case_id=case_id, key=secrets.token_hex(8), by=by, now=now)
    ids = () if case_id is None else (case_id,)
    what = f"emergency access: {why.value}"
    audit.write(connection, at=now, operation="access", what=what, person=by, case_ids=ids, outcome="refused")


def escalate_reviews(connection: Connection, *, now: datetime, calendar: WorkingCalendar) -> int:
    """Tell others once more of what nobody has reviewed in time; of how many."""
    today = london_date(now)
    late = [row for row in emergency_access.unreviewed(connection) if review_overdue(row.opened_at, today, calendar)]
    for row in late:
        alert(connection, Alert.UNREVIEWED, case_id=row.case_id, key=str(row.id), by=SYSTEM, now=now)
    if late:
        emergency_access.note_escalated(connection, [row.id for row in late], at=now)
        case_ids = [row.case_id for row in late]
        audit.write(
            connection, at=now, operation="consultation", what="escalate reviews", person=SYSTEM, case_ids=case_ids
        )
    return len(late)

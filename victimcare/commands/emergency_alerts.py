"""Tell others of emergency access, of tries at a protected location and of custody that was taken, in the outbox."""

from __future__ import annotations

import secrets
from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.calendar import WorkingCalendar, london_date
from victimcare.domain.emergency_access import Alert, Refusal, review_overdue
from victimcare.domain.people import Person
from victimcare.store import audit, case_lists, cases, emergency_access, outbox, protections, staff
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
    but: str = "",
) -> None:
    """Tell the supervisors of the case's team, those who review, and `also` these. Nobody is told of what they did
    themselves, nor `but`, whom it is about.

    `key` makes it one alert of its own. Nobody hears of it who is excluded from the case.
    """
    supervisors = staff.present_supervisors(connection, cases.team_of(connection, case_id))
    told = {*supervisors, *staff.privacy_reviewers(connection), *also} - {but}
    _tell(connection, kind, told, case_id, key, by, now)


def alert_of_try(connection: Connection, *, case_id: int, by: Person, now: datetime) -> None:
    """Tell the custodian of a protected location, and those who review, that somebody else tried to see it.

    Once for each person, case and London date: each try is in the audit, and a mail for each would hide the first.
    Where the custodian is gone, the supervisors of the case's team are told in their place.
    """
    protection = protections.current(connection, case_id)
    custodian = protection.custodian_id if protection else ""
    here = staff.works_cases(connection, custodian)
    first = [custodian] if here else staff.present_supervisors(connection, cases.team_of(connection, case_id))
    told = {*first, *staff.privacy_reviewers(connection)}
    _tell(connection, Alert.TRIED_PROTECTED, told, case_id, by.id, by, now)


def _tell(
    connection: Connection, kind: Alert, people: set[str], case_id: int, key: str, by: Person, now: datetime
) -> None:
    excluded = case_lists.lists_of(connection, [case_id])[case_id].excluded
    told = people - {by.id, *excluded}
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

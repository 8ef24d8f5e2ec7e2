"""Breaches: written once for each duty past its day, never deleted, overturned only by an event that says why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from victimcare.domain.entitlements import Entitlement
from victimcare.store.database import is_sqlite
from victimcare.store.tables import Breach, Team

BREACHES = Breach.__table__  # type: ignore[attr-defined]
_TEAMS = Team.__table__  # type: ignore[attr-defined]
RECORDED_LATE = "recorded_late"


def settle(
    connection: Connection,
    case_id: int,
    entitlements: Iterable[Entitlement],
    *,
    due_rows: Iterable[dict[str, Any]],
    today: date,
    now: datetime,
    by_event: str,
) -> None:
    """Bring one case's breaches in line with its journey, after `by_event` was recorded.

    A duty that turns out late gets its breach at once, so that lateness between two ticks of a job is not lost; one
    that turns out not to have been late keeps its breach, marked overturned.
    """
    known = {
        (row.rule, row.start_key): row.overturned_by
        for row in connection.execute(
            select(BREACHES.c.rule, BREACHES.c.start_key, BREACHES.c.overturned_by).where(BREACHES.c.case_id == case_id)
        )
    }
    late = {entitlement.key for entitlement in entitlements if entitlement.late_on(today)}
    rows = {(row["rule"], row["start_key"]): row for row in due_rows}
    write(connection, [rows[key] for key in sorted(late - known.keys())], now=now)
    for key, overturned_by in known.items():
        if (key in late) == (overturned_by is not None):
            _mark(connection, case_id, key, None if key in late else by_event, now)


def write(connection: Connection, due_rows: Iterable[Any], *, now: datetime) -> int:
    """Write the breach of each of these late due rows that has none yet; how many were new."""
    rows = [dict(row) for row in due_rows]
    if not rows:
        return 0
    supervisors = _supervisors(connection)
    breaches = [_breach(row, supervisors.get(row["team_id"]), now) for row in rows]
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(BREACHES).on_conflict_do_nothing(index_elements=["case_id", "rule", "start_key"])
    return len(connection.execute(statement.returning(BREACHES.c.id), breaches).all())


def _breach(row: dict[str, Any], supervisor_id: str | None, now: datetime) -> dict[str, Any]:
    recorded_late = row["known_on"] > row["due_on"]
    return {
        "case_id": row["case_id"],
        "rule": row["rule"],
        "start_key": row["start_key"],
        "right_number": row["right_number"],
        "owed_by": row["owed_by"],
        "due_on": row["due_on"],
        "found_at": now,
        "officer_id": row["officer_id"],
        "team_id": row["team_id"],
        "supervisor_id": supervisor_id,
        "cause": RECORDED_LATE if recorded_late else None,
    }


def _supervisors(connection: Connection) -> dict[str, str]:
    teams = connection.execute(select(_TEAMS.c.id, _TEAMS.c.duty_supervisor_id))
    return {row.id: row.duty_supervisor_id for row in teams if row.duty_supervisor_id}


def _mark(connection: Connection, case_id: int, key: tuple[str, str], by_event: str | None, now: datetime) -> None:
    rule, start_key = key
    duty = (BREACHES.c.case_id == case_id) & (BREACHES.c.rule == rule) & (BREACHES.c.start_key == start_key)
    overturned_at = now if by_event else None
    connection.execute(update(BREACHES).where(duty).values(overturned_by=by_event, overturned_at=overturned_at))

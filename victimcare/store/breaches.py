"""Breaches: written once for each duty past its day, never deleted, overturned only by an event that says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from victimcare.domain.entitlements import Entitlement
from victimcare.store.database import is_sqlite
from victimcare.store.duty_supervisors import on_duty_in
from victimcare.store.tables import Breach

BREACHES = Breach.__table__  # type: ignore[attr-defined]
RECORDED_LATE = "recorded_late"


@dataclass(frozen=True, slots=True)
class Settlement:
    """A case's duties after `by_event` was recorded, with the due rows that say so (in the same order)."""

    case_id: int
    entitlements: Sequence[Entitlement]
    due_rows: Sequence[dict[str, Any]]
    by_event: str


def settle(connection: Connection, settlements: Sequence[Settlement], *, today: date, now: datetime) -> None:
    """Bring the breaches of these cases in line with their journeys.

    A duty that turns out late gets its breach at once, so that lateness between two ticks of a job is not lost; one
    that turns out not to have been late keeps its breach, marked overturned.
    """
    known = _known(connection, [settlement.case_id for settlement in settlements])
    for settlement in settlements:
        rows = late_rows(settlement.entitlements, settlement.due_rows, today=today)
        late = {(row["rule"], row["start_key"]): row for row in rows}
        of_case = known.get(settlement.case_id, {})
        write(connection, [late[key] for key in sorted(late.keys() - of_case.keys())], now=now)
        reinstate(connection, [late[key] for key, overturned_by in of_case.items() if overturned_by and key in late])
        for key, overturned_by in of_case.items():
            if not overturned_by and key not in late:
                _overturn(connection, settlement.case_id, key, settlement.by_event, now)


def late_rows(
    entitlements: Sequence[Entitlement], due_rows: Sequence[dict[str, Any]], *, today: date
) -> list[dict[str, Any]]:
    """The rows, among `due_rows`, of the duties that are or were late on `today` (London date)."""
    return [row for owed, row in zip(entitlements, due_rows, strict=True) if owed.late_on(today)]


def _known(connection: Connection, case_ids: Sequence[int]) -> dict[int, dict[tuple[str, str], str | None]]:
    columns = (BREACHES.c.case_id, BREACHES.c.rule, BREACHES.c.start_key, BREACHES.c.overturned_by)
    known: dict[int, dict[tuple[str, str], str | None]] = {}
    for row in connection.execute(select(*columns).where(BREACHES.c.case_id.in_(case_ids))):
        known.setdefault(row.case_id, {})[row.rule, row.start_key] = row.overturned_by
    return known


def write(connection: Connection, due_rows: Iterable[Any], *, now: datetime) -> int:
    """Write the breach of each of these late due rows that has none yet; how many were new."""
    rows = [dict(row) for row in due_rows]
    if not rows:
        return 0
    on_duty = on_duty_in(connection, (row["team_id"] for row in rows))
    breaches = [_breach(row, on_duty.on(row["team_id"], row["due_on"]), now) for row in rows]
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(BREACHES).on_conflict_do_nothing(index_elements=["case_id", "rule", "start_key"])
    return len(connection.execute(statement.returning(BREACHES.c.id), breaches).all())


def cause_when_found(row: Mapping[str, Any]) -> str | None:
    """The cause that a breach of this due row has before anybody gives one."""
    return RECORDED_LATE if row["known_on"] > row["due_on"] else None


def _breach(row: dict[str, Any], supervisor_id: str | None, now: datetime) -> dict[str, Any]:
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
        "cause": cause_when_found(row),
    }


def reinstate(connection: Connection, due_rows: Sequence[Any]) -> int:
    """Let the overturned breaches of these duties stand again, by the day that counts now; how many did.

    With that day go the officer and the team who then held the case, and the supervisor who was on duty in it.
    """
    if not due_rows:
        return 0
    changed = 0
    on_duty = on_duty_in(connection, (row["team_id"] for row in due_rows))
    for row in due_rows:
        held = {column: row[column] for column in ("due_on", "officer_id", "team_id")}
        held["supervisor_id"] = on_duty.on(row["team_id"], row["due_on"])
        overturned = _of_duty(row["case_id"], row["rule"], row["start_key"]) & BREACHES.c.overturned_by.is_not(None)
        values = {"overturned_by": None, "overturned_at": None, **held}
        changed += connection.execute(update(BREACHES).where(overturned).values(values)).rowcount
    return changed


def _overturn(connection: Connection, case_id: int, key: tuple[str, str], by_event: str, now: datetime) -> None:
    values = {"overturned_by": by_event, "overturned_at": now}
    connection.execute(update(BREACHES).where(_of_duty(case_id, *key)).values(values))


def _of_duty(case_id: int, rule: str, start_key: str) -> ColumnElement[bool]:
    return and_(BREACHES.c.case_id == case_id, BREACHES.c.rule == rule, BREACHES.c.start_key == start_key)

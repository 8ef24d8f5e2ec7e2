"""The due projection: what `assess` says of each case, as rows that worklists and reports read.

It can be deleted and derived again at any time and comes out the same (`victimcare rebuild`, store/rebuilding.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, select, update

from victimcare.domain.case import Case, CustodyPeriod, held_on
from victimcare.domain.compliance import outcome_of
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.law import Law
from victimcare.domain.standing import Counting
from victimcare.store.many import insert_rows
from victimcare.store.tables import Due

DUES = Due.__table__  # type: ignore[attr-defined]
Change = tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]
"""A due row as it was and as it is; None: there was, or is, none."""
DueKey = tuple[int, str, str]
"""Case id, rule id, key of the event that started the duty."""
_IS_NAMED = and_(
    DUES.c.case_id == bindparam("of_case"),
    DUES.c.rule == bindparam("of_rule"),
    DUES.c.start_key == bindparam("of_start"),
)


def derive(case_id: int, case: Case, law: Law) -> tuple[tuple[Entitlement, ...], list[dict[str, Any]]]:
    """What the case owes, and the due rows that say so."""
    entitlements = assess(case.journey, law.code, law.calendar)
    custody = case.custody()
    rows = [_row(case_id, case, entitlement, custody) for entitlement in entitlements]
    return entitlements, rows


def project(connection: Connection, rows_by_case: Mapping[int, Iterable[dict[str, Any]]]) -> list[Change]:
    """Make the stored due rows of these cases equal to `rows_by_case`, writing only what changed; what changed."""
    wanted = {_key(row): row for rows in rows_by_case.values() for row in rows}
    stored = stored_rows(connection, list(rows_by_case))
    gone = [_named(key) for key in stored.keys() - wanted.keys()]
    added = [row for key, row in wanted.items() if key not in stored]
    changed = [{**row, **_named(key)} for key, row in wanted.items() if key in stored and stored[key] != row]
    if gone:
        connection.execute(delete(DUES).where(_IS_NAMED), gone)
    insert_rows(connection, DUES, added)
    if changed:
        connection.execute(update(DUES).where(_IS_NAMED), changed)
    keys = (stored.keys() - wanted.keys()) | {_key(row) for row in (*added, *changed)}
    return [(stored.get(key), wanted.get(key)) for key in sorted(keys)]


def is_open_and_counted(row: Mapping[str, Any]) -> bool:
    """Whether a due row is work now: `tables.OPEN_AND_COUNTED` of a row that is not stored yet."""
    return row["ended_on"] is None and row["counting"] == Counting.COUNTED


def stored_rows(connection: Connection, case_ids: Sequence[int]) -> dict[DueKey, dict[str, Any]]:
    """The due rows of these cases as they are stored."""
    statement = select(DUES).where(DUES.c.case_id.in_(case_ids))
    return {_key(row): dict(row) for row in connection.execute(statement).mappings()}


def _key(row: Mapping[Any, Any]) -> DueKey:
    return row["case_id"], row["rule"], row["start_key"]


def _named(key: DueKey) -> dict[str, Any]:
    return dict(zip(("of_case", "of_rule", "of_start"), key, strict=True))


def _row(case_id: int, case: Case, entitlement: Entitlement, custody: tuple[CustodyPeriod, ...]) -> dict[str, Any]:
    rule = entitlement.rule
    reported_on = entitlement.due_on or entitlement.started_on or entitlement.start.current.happened.on
    on_the_day, now = held_on(custody, reported_on), custody[-1]
    return {
        "case_id": case_id,
        "rule": rule.id,
        "start_key": entitlement.start.key,
        "edition": entitlement.edition.id,
        "right_number": rule.right,
        "owed_by": entitlement.owed_by,
        "owed_to": rule.owed_to,
        "policy": rule.policy,
        "tier": entitlement.tier.tier,
        "area": case.area,
        "crime_type": case.crime_type,
        "counting": str(entitlement.counting),
        "started_on": entitlement.started_on,
        "due_on": entitlement.due_on,
        "reported_on": reported_on,
        "reported_month": reported_on.isoformat()[:7],
        "outcome": outcome_of(entitlement).value,
        "known_on": entitlement.known_on,
        "provisional": entitlement.provisional,
        "ending": str(entitlement.ending) if entitlement.ending else None,
        "ended_on": entitlement.ended_on,
        "ended_by": entitlement.ended_by,
        "officer_id": on_the_day.officer_id,
        "team_id": on_the_day.team_id,
        "holder_id": now.officer_id,
        "holder_team_id": now.team_id,
        "asked": entitlement.asked,
        "otherwise_on": entitlement.otherwise_on,
    }

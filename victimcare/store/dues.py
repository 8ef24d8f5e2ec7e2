"""The due projection: what `assess` says of each case, as rows that worklists and reports read.

It can be deleted and derived again at any time and comes out the same (`victimcare rebuild`, store/rebuilding.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select, update

from victimcare.domain.case import Case, CustodyPeriod, held_on
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.law import Law
from victimcare.store.tables import Due

DUES = Due.__table__  # type: ignore[attr-defined]


def derive(case_id: int, case: Case, law: Law) -> tuple[tuple[Entitlement, ...], list[dict[str, Any]]]:
    """What the case owes, and the due rows that say so."""
    entitlements = assess(case.journey, law.code, law.calendar)
    custody = case.custody()
    rows = [_row(case_id, case, entitlement, custody) for entitlement in entitlements]
    return entitlements, rows


def project(connection: Connection, case_id: int, rows: Iterable[dict[str, Any]]) -> None:
    """Make the stored due rows of one case equal to `rows`, writing only what changed."""
    wanted = {(row["rule"], row["start_key"]): row for row in rows}
    stored_rows = connection.execute(select(DUES).where(DUES.c.case_id == case_id)).mappings()
    stored = {(row["rule"], row["start_key"]): dict(row) for row in stored_rows}
    for key in stored.keys() - wanted.keys():
        connection.execute(delete(DUES).where(_is(case_id, key)))
    added = [row for key, row in wanted.items() if key not in stored]
    if added:
        connection.execute(insert(DUES), added)
    for key, row in wanted.items():
        if key in stored and stored[key] != row:
            connection.execute(update(DUES).where(_is(case_id, key)).values(**row))


def _is(case_id: int, key: tuple[str, str]) -> Any:
    return and_(DUES.c.case_id == case_id, DUES.c.rule == key[0], DUES.c.start_key == key[1])


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
        "counting": entitlement.counting.value,
        "started_on": entitlement.started_on,
        "due_on": entitlement.due_on,
        "reported_on": reported_on,
        "known_on": entitlement.known_on,
        "provisional": entitlement.provisional,
        "ending": entitlement.ending.value if entitlement.ending else None,
        "ended_on": entitlement.ended_on,
        "ended_by": entitlement.ended_by,
        "officer_id": on_the_day.officer_id,
        "team_id": on_the_day.team_id,
        "holder_id": now.officer_id,
        "holder_team_id": now.team_id,
    }

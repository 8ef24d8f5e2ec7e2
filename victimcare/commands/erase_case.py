"""Erase a case for good, once its disposal can be undone no more, and leave a certificate that says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.dispose_of_case import is_due
from victimcare.domain.calendar import london_date
from victimcare.domain.law import Law
from victimcare.domain.retention import RetentionPolicy
from victimcare.store import audit, disposals, erasing, kept_records
from victimcare.store.staff import SYSTEM, ensure_system


def cases_to_erase(connection: Connection, *, policy: RetentionPolicy, now: datetime) -> list[int]:
    """The disposals that can be undone no more, oldest first, and no more of them than a run may propose by itself."""
    today = london_date(now)
    if not disposals.to_erase(connection, today=today, limit=1):
        return []  # without counting every case there is
    return disposals.to_erase(connection, today=today, limit=policy.cap(kept_records.case_count(connection)))


def erase_cases(
    connection: Connection, *, disposal_ids: Sequence[int], policy: RetentionPolicy, law: Law, now: datetime
) -> int:
    """Erase the cases of these disposals; one that is not due any more comes back instead. How many were erased."""
    return sum(_erase(connection, disposal_id, policy=policy, law=law, now=now) for disposal_id in disposal_ids)


def _erase(connection: Connection, disposal_id: int, *, policy: RetentionPolicy, law: Law, now: datetime) -> bool:
    ensure_system(connection)
    row = disposals.load(connection, disposal_id)
    today = london_date(now)
    if row.state != "disposed" or row.erase_from_on > today:
        return False
    if not is_due(connection, row.case_id, policy, today):
        disposals.move(connection, row.id, "lapsed", ended_by=SYSTEM.id, ended_at=now)
        disposals.hide(connection, row.case_id, None)
        _write_down(connection, row, "alteration", "disposal lapsed", now)
        return False
    disposals.move(connection, row.id, "erasing")
    counts = erasing.erase(connection, case_id=row.case_id, law=law, today=today)
    disposals.move(connection, row.id, "erased", ended_by=SYSTEM.id, ended_at=now)
    _certify(connection, row, counts, policy, now)
    _write_down(connection, row, "erasure", "erase case", now)
    return True


def _certify(connection: Connection, row: Any, counts: dict[str, int], policy: RetentionPolicy, now: datetime) -> None:
    backups_until_on = london_date(now) + timedelta(days=policy.backups_days)
    disposals.certify(connection, row, counts=counts, backups_until_on=backups_until_on, at=now)


def _write_down(connection: Connection, row: Any, operation: str, what: str, now: datetime) -> None:
    audit.write(connection, at=now, operation=operation, what=what, person=SYSTEM, case_ids=[row.case_id])

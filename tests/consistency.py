"""What must be true of stored cases after any sequence of writes: that all of it follows from the journeys."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from tests.force import Force
from victimcare.domain.calendar import london_date
from victimcare.domain.case import Case
from victimcare.store import dues
from victimcare.store.breaches import BREACHES
from victimcare.store.cases import ASSIGNMENTS, CASES, case_columns, stored_case
from victimcare.store.journeys import journeys_of
from victimcare.store.tables import Audit, AuditSubject

_AUDIT = Audit.__table__  # type: ignore[attr-defined]
_SUBJECT = AuditSubject.__table__  # type: ignore[attr-defined]


def check_consistent(force: Force, case_ids: Sequence[int], *, today: date, searched_on: date | None = None) -> None:
    """Assert that due rows, breaches, columns, custody and audit of these cases are what their journeys say.

    `searched_on` is the day on which breaches were last looked for, if that is after the last recording.
    """
    with force.database.reading() as connection:
        for case_id in case_ids:
            row = connection.execute(select(CASES).where(CASES.c.id == case_id)).one()
            case = stored_case(row, journeys_of(connection, {row.id: row.ref})[row.id]).case
            _check_columns(force, row, case)
            _check_custody(connection, row, case)
            _check_dues(connection, force, row.id, case)
            last_write = max(london_date(event.recorded_at) for event in case.journey.events)
            _check_breaches(connection, force, row.id, case, max(last_write, searched_on or last_write), today)
            assert writes_of(connection, row.id) == row.version, "each write has one audit row"


def writes_of(connection: Connection, case_id: int) -> int:
    """How many audit rows say that something was recorded on the case."""
    joined = _AUDIT.join(_SUBJECT, _SUBJECT.c.seq == _AUDIT.c.seq)
    recorded = _AUDIT.c.what.like("record%") & (_SUBJECT.c.case_id == case_id)
    return int(connection.execute(select(func.count()).select_from(joined).where(recorded)).scalar_one())


def _check_columns(force: Force, row: Any, case: Case) -> None:
    last_write = max(london_date(event.recorded_at) for event in case.journey.events)
    derived = case_columns(case.journey, force.law, today=last_write)
    assert {name: getattr(row, name) for name in derived} == derived


def _check_custody(connection: Connection, row: Any, case: Case) -> None:
    statement = select(ASSIGNMENTS).where(ASSIGNMENTS.c.case_id == row.id).order_by(ASSIGNMENTS.c.id)
    periods = connection.execute(statement).all()
    assert [(p.officer_id, p.team_id, p.from_at) for p in periods] == [
        (p.officer_id, p.team_id, p.from_at) for p in case.custody()
    ]
    assert [p.until_at for p in periods] == [*(p.from_at for p in periods[1:]), None], "a gap, or two officers"
    assert (periods[-1].officer_id, periods[-1].team_id) == (row.officer_id, row.team_id)


def _check_dues(connection: Connection, force: Force, case_id: int, case: Case) -> None:
    _, rows = dues.derive(case_id, case, force.law)
    derived = {(row["case_id"], row["rule"], row["start_key"]): row for row in rows}
    assert len(derived) == len(rows), "two duties of one name"
    assert dues.stored_rows(connection, [case_id]) == derived


def _check_breaches(
    connection: Connection, force: Force, case_id: int, case: Case, settled_on: date, today: date
) -> None:
    entitlements, _ = dues.derive(case_id, case, force.law)
    standing = (BREACHES.c.case_id == case_id) & BREACHES.c.overturned_by.is_(None)
    found = {(row.rule, row.start_key) for row in connection.execute(select(BREACHES).where(standing))}
    assert found <= {owed.key for owed in entitlements if owed.late_on(today)}, "a breach that nothing justifies"
    assert found >= {owed.key for owed in entitlements if owed.late_on(settled_on)}, "a late duty without its breach"

"""Writing to the audit trail: why a case was theirs to reach, that no chain forks, and that no row can be changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import CursorResult, select, text
from sqlalchemy.exc import DBAPIError

from tests.force import Force, a_force
from tests.outbox import case_of_an_arrest
from victimcare.domain.people import Person
from victimcare.queries.audit_check import check_audit
from victimcare.store import audit
from victimcare.store.audit import AUDIT
from victimcare.store.staff import SYSTEM

NOON = datetime(2026, 5, 22, 12, tzinfo=UTC)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def look(force: Force, person: Person, *case_ids: int) -> object:
    """Why the audit says that this person reached these cases."""
    with force.database.writing() as connection:
        seq = audit.write(
            connection, at=NOON, operation="consultation", what="case", person=person, case_ids=list(case_ids)
        )
        return connection.execute(select(AUDIT.c.basis).where(AUDIT.c.seq == seq)).scalar_one()


def test_why_a_case_was_theirs_to_reach_is_worked_out(force: Force) -> None:
    case = case_of_an_arrest(force)[0]
    holder = next(p for p in (force.ash, force.birch, force.cedar) if p.id == case.case.holder.officer_id)
    colleague = next(p for p in (force.ash, force.birch) if p.id != holder.id)
    chief = next(p for p in (force.elm, force.fir) if p.team_id == holder.team_id)
    stranger = next(p for p in (force.elm, force.fir) if p.team_id != holder.team_id)
    assert look(force, holder, case.id) == "case officer"
    assert look(force, replace(colleague, covering=frozenset({holder.id})), case.id) == "cover"
    assert look(force, chief, case.id) == "supervisor"
    assert look(force, colleague, case.id) == "none"
    assert look(force, stranger, case.id) == "none"
    assert look(force, SYSTEM, case.id) == "system"
    assert look(force, holder) is None


def test_of_a_list_the_furthest_reason_is_written(force: Force) -> None:
    here, there = (force.record_crime(area=area, ref=area)[0] for area in ("Luton", "Bedford Borough"))
    officer = next(p for p in (force.ash, force.birch) if p.id == here.case.holder.officer_id)
    elsewhere = there.case.holder.officer_id
    assert elsewhere == force.cedar.id
    assert look(force, officer, here.id, there.id) == "none"
    assert look(force, replace(officer, covering=frozenset({elsewhere})), here.id, there.id) == "cover"


def test_which_sign_in_and_request_it_was_is_written(force: Force) -> None:
    person = replace(force.ash, sign_in="0123456789abcdef", request_id="cafe")
    with force.database.writing() as connection:
        seq = audit.write(connection, at=NOON, operation="disclosure", what="print", person=person, recipient="victim")
        row = connection.execute(select(AUDIT).where(AUDIT.c.seq == seq)).one()
    assert (row.team_id, row.sign_in, row.request_id, row.recipient) == (
        force.ash.team_id,
        "0123456789abcdef",
        "cafe",
        "victim",
    )


def test_many_at_once_fork_no_chain(force: Force) -> None:
    """Without holding the chain, two writers follow the same row."""
    writers, each = 8, 25

    def write(_number: int) -> None:
        for _ in range(each):
            with force.database.writing() as connection:
                audit.write(connection, at=NOON, operation="consultation", what="case", person=force.ash)

    before = rows_of(force)
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    with force.database.reading() as connection:
        found = check_audit(connection, [])
        followed = Counter(connection.execute(select(AUDIT.c.chain, AUDIT.c.follows)).all())
    assert found.wrong is None
    assert found.rows == before + writers * each
    assert set(followed.values()) == {1}


def test_rows_are_fetched_many_at_once(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a million rows, fetching them one by one is a good part of what checking them takes."""
    fetched: list[int] = []
    partitions = CursorResult.partitions

    def counted(result: CursorResult[Any], size: int | None = None) -> Iterator[Any]:
        for rows in partitions(result, size):
            fetched.append(len(rows))
            yield rows

    for _ in range(3):
        look(force, force.ash)
    monkeypatch.setattr(CursorResult, "partitions", counted)
    assert rows_of(force) == max(fetched) > 2


def rows_of(force: Force) -> int:
    with force.database.reading() as connection:
        return check_audit(connection, []).rows


CHANGES = (
    "UPDATE audit SET person_id = 'x'",
    "DELETE FROM audit",
    "DELETE FROM audit_subject",
    "UPDATE audit_subject SET case_id = 0",
)
AROUND_TRIGGERS = {
    "postgresql": "TRUNCATE audit_subject, audit",
    "sqlite": "INSERT OR REPLACE INTO audit"
    " (seq, at, operation, what, person_id, role, outcome, case_count, chain, follows, hash)"
    " VALUES (1, '2026-05-22 12:00:00', 'access', 'x', 'x', 'x', 'done', 0, 0, '', '')",
}


def test_the_database_lets_nobody_change_a_row(force: Force) -> None:
    case_of_an_arrest(force)
    for statement in (*CHANGES, AROUND_TRIGGERS[force.database.engine.dialect.name]):
        with pytest.raises(DBAPIError, match="kept for ever"), force.database.writing() as connection:
            connection.execute(text(statement))

"""The audit trail: one append-only row for each thing done, in the transaction that did it.

The operations are the six of Data Protection Act 2018 s.62, and "access" for signing in and out. Why somebody may
reach a case is worked out here and never typed. Each row follows the one before it in its chain
(`domain/audit_chain.py`): `write` holds the chain until its transaction ends, so it comes last in it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, CursorResult, Select, bindparam, func, insert, inspect, select, text

from victimcare.domain.audit_chain import FIRST, Entry, Head, Link, as_hashed, hash_of, hash_of_cases
from victimcare.domain.people import Person, Role
from victimcare.store.database import is_sqlite
from victimcare.store.many import insert_rows
from victimcare.store.tables import Audit, AuditSubject, CaseRow
from victimcare.store.tables.audit import EVERYTHING_LEFT, IN_ONE_FILE

AUDIT = Audit.__table__  # type: ignore[attr-defined]
SUBJECT = AuditSubject.__table__  # type: ignore[attr-defined]
IS_EVERYTHING = text(EVERYTHING_LEFT)
"""A condition on a row: with it every case left that there was."""
_CASES = CaseRow.__table__  # type: ignore[attr-defined]

CHAINS = 4
"""On PostgreSQL, where many write at once; SQLite has one writer, and so one chain."""
_ROWS_AT_ONCE = 500
"""More take longer: so many rows that live at once are looked through for garbage again and again."""
_NONE_LISTED: tuple[int | None, Iterator[Any]] = (None, iter(()))

_LAST = select(AUDIT.c.seq, AUDIT.c.hash).where(AUDIT.c.chain == bindparam("of_chain"))
_LAST = _LAST.order_by(AUDIT.c.seq.desc()).limit(1)
_ENDS = select(AUDIT.c.chain, AUDIT.c.seq, AUDIT.c.hash).where(AUDIT.c.chain == bindparam("of_chain"))
_ENDS = _ENDS.order_by(AUDIT.c.seq.desc()).limit(1)
_NEWEST = select(func.max(AUDIT.c.seq))
_HOLDERS = select(_CASES.c.officer_id, _CASES.c.team_id).distinct()
_HOLDERS = _HOLDERS.where(_CASES.c.id.in_(bindparam("case_ids", expanding=True)))
_INSERT = insert(AUDIT).inline()
_ROWS = f"SELECT {', '.join((*Entry._fields, 'follows', 'hash'))} FROM audit{{within}} ORDER BY seq"  # noqa: S608 - our own names
_SUBJECTS = "SELECT seq, case_id FROM audit_subject{within} ORDER BY seq, case_id"
_HOLD_A_FREE_ONE = text(
    "SELECT (:own + step) % :chains FROM generate_series(0, :chains - 1) AS step"
    " WHERE pg_try_advisory_xact_lock(hashtext('victimcare audit'), (:own + step) % :chains) LIMIT 1"
)
_HOLD = text("SELECT pg_advisory_xact_lock(hashtext('victimcare audit'), :of_chain)")
_NUMBERED = text(
    "SELECT nextval(pg_get_serial_sequence('audit', 'seq')) AS seq,"
    " (SELECT hash FROM audit WHERE chain = :of_chain ORDER BY seq DESC LIMIT 1) AS hash"
)


def write(
    connection: Connection,
    *,
    at: datetime,
    operation: str,
    what: str,
    person: Person,
    case_ids: Sequence[int] = (),
    outcome: str = "done",
    recipient: str | None = None,
) -> int:
    """Write one row about these cases (one row a list, the ids hashed into it) and return its number.

    `what` is a code of ours ("record event suspect_arrested"), never a word about a person, and so is `recipient`.
    """
    ids = sorted(set(case_ids))
    own_chain, seq, follows = _next(connection)
    entry = Entry(
        seq=seq,
        chain=own_chain,
        at=as_hashed(at),
        operation=operation,
        what=what,
        person_id=person.id,
        role=person.role.value,
        outcome=outcome,
        case_count=len(ids),
        cases_hash=hash_of_cases(ids),
        basis=_basis(connection, person, ids),
        team_id=person.team_id,
        sign_in=person.sign_in,
        request_id=person.request_id,
        recipient=recipient,
    )
    connection.execute(_INSERT, {**entry._asdict(), "at": at, "follows": follows, "hash": hash_of(follows, entry)})
    insert_rows(connection, SUBJECT, [{"case_id": case_id, "seq": seq} for case_id in ids])
    return seq


def write_everything_left(connection: Connection, *, at: datetime, what: str, person: Person) -> int:
    """Write that all that is held left in one file: one row, of every case that there is."""
    return write(connection, at=at, operation="disclosure", what=what, person=person, recipient=IN_ONE_FILE)


def heads(connection: Connection) -> tuple[Head, ...]:
    """Where each chain ends now; nowhere in a database of a version that had no chains yet."""
    found = inspect(connection)
    if not found.has_table(AUDIT.name) or AUDIT.c.chain.name not in {
        each["name"] for each in found.get_columns(AUDIT.name)
    }:
        return ()
    return tuple(Head(*row) for row in of_each_chain(connection, _ENDS))


def of_each_chain(connection: Connection, statement: Select[Any]) -> Iterator[Any]:
    """The row that the statement gives for each chain that has one: looked up, and not by going through all of it."""
    for number in range(CHAINS):
        if (row := connection.execute(statement, {"of_chain": number}).first()) is not None:
            yield row


def last_written(connection: Connection) -> datetime | None:
    """When the newest row was written; None where there is none."""
    at: datetime | None = connection.execute(select(AUDIT.c.at).order_by(AUDIT.c.seq.desc()).limit(1)).scalar()
    return at


def has(connection: Connection, head: Head) -> bool:
    """Whether the row of this number is that one."""
    return connection.execute(select(AUDIT.c.hash).where(AUDIT.c.seq == head.seq)).scalar() == head.hash


def links(connection: Connection, *, until: int | None = None) -> Generator[Link]:
    """Every row, or those up to this number, with the cases listed for it; close it when done.

    By number, a few hundred in memory at a time.
    """
    within = "" if until is None else f" WHERE seq <= {int(until)}"
    streamed = connection.execution_options(yield_per=_ROWS_AT_ONCE)
    # As the driver gives them: there can be millions, and SQLAlchemy would make a date of each.
    all_rows, all_subjects = _ROWS.format(within=within), _SUBJECTS.format(within=within)
    with streamed.exec_driver_sql(all_rows) as rows, streamed.exec_driver_sql(all_subjects) as subjects:
        listed = groupby(_rows_of(subjects), key=itemgetter(0))
        seq, case_ids = next(listed, _NONE_LISTED)
        for number, of_chain, at, *said, follows, own in _rows_of(rows):
            mine: Sequence[int] = ()
            if seq == number:
                mine = [case_id for _, case_id in case_ids]
                seq, case_ids = next(listed, _NONE_LISTED)
            yield Link(Entry(number, of_chain, _as_hashed(at), *said), follows, own, mine)


def _rows_of(result: CursorResult[Any]) -> Iterator[Any]:
    """Each row; thousands are fetched at once, which takes half as long as one by one."""
    return chain.from_iterable(result.partitions(_ROWS_AT_ONCE))


def _as_hashed(stored: str | datetime) -> str:
    """From the text that SQLite keeps, or the instant that PostgreSQL gives."""
    return f"{stored[:10]}T{stored[11:]}+00:00" if isinstance(stored, str) else as_hashed(stored)


def _next(connection: Connection) -> tuple[int, int, str]:
    """The chain to write to, held until the transaction ends, the number of the new row, and what it follows."""
    if is_sqlite(connection):
        last = connection.execute(_LAST, {"of_chain": 0}).first()
        # What was imported from PostgreSQL has rows of other chains, with numbers between and after.
        newest = connection.execute(_NEWEST).scalar() or 0
        return 0, newest + 1, last.hash if last else FIRST
    own_chain = _held_chain(connection)
    number = connection.execute(_NUMBERED, {"of_chain": own_chain}).one()
    return own_chain, number.seq, number.hash or FIRST


def _held_chain(connection: Connection) -> int:
    """A chain that nobody else holds, else this connection's own, as soon as it is free.

    Whoever holds one already finds it free and never waits for another: nobody waits in a circle.
    """
    own = connection.connection.driver_connection.info.backend_pid % CHAINS  # type: ignore[union-attr]
    free = connection.execute(_HOLD_A_FREE_ONE, {"own": own, "chains": CHAINS}).scalar()
    if free is None:
        connection.execute(_HOLD, {"of_chain": own})
        return int(own)
    return int(free)


def _basis(connection: Connection, person: Person, case_ids: Sequence[int]) -> str | None:
    """Why the cases were theirs to reach; of a list, the furthest of its reasons. None where it is about no case."""
    if not case_ids:
        return None
    if person.role is Role.SYSTEM:
        return "system"
    found = {_nearness(person, *row) for row in connection.execute(_HOLDERS, {"case_ids": list(case_ids)})}
    basis = max(found, default=(9, "none"))[1]
    return "break-glass" if list(case_ids) == [person.emergency_case] and basis == "none" else basis


def _nearness(person: Person, officer_id: str, team_id: str) -> tuple[int, str]:
    if officer_id == person.id:
        return 0, "case officer"
    if officer_id in person.covering:
        return 1, "cover"
    if person.role is Role.SUPERVISOR and team_id == person.team_id:
        return 2, "supervisor"
    if person.role is Role.PRIVACY_REVIEWER:
        return 3, "privacy reviewer"
    if person.role is Role.SERVICE_USER:
        return 3, "referral"
    if person.role is Role.WITNESS_CARE:
        return 3, "witness care"
    if person.role is Role.API_CLIENT:
        return 3, "agency" if person.agency else "referral"
    return 9, "none"

"""The audit trail: one append-only row for each thing done, in the transaction that did it.

The operations are the six of Data Protection Act 2018 s.62, and "access" for signing in and out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, insert, select

from victimcare.domain.people import Person
from victimcare.store.many import insert_rows
from victimcare.store.tables import Audit, AuditSubject, CaseRow

_AUDIT = Audit.__table__  # type: ignore[attr-defined]
_CASES = CaseRow.__table__  # type: ignore[attr-defined]
_SUBJECT = AuditSubject.__table__  # type: ignore[attr-defined]


def write(
    connection: Connection,
    *,
    at: datetime,
    operation: str,
    what: str,
    person: Person,
    case_ids: Sequence[int] = (),
    outcome: str = "done",
) -> int:
    """Write one row about these cases (one row a list, the ids hashed into it) and return its number.

    `what` is a code of ours ("record event suspect_arrested"), never a word about a person.
    """
    ids = sorted(set(case_ids))
    row = {
        "at": at,
        "operation": operation,
        "what": what,
        "person_id": person.id,
        "role": person.role.value,
        "outcome": outcome,
        "case_count": len(ids),
        "cases_hash": sha256(",".join(map(str, ids)).encode()).hexdigest() if ids else None,
        "basis": "cover" if _reached_by_cover(connection, person, ids) else None,
    }
    seq = connection.execute(insert(_AUDIT).returning(_AUDIT.c.seq), row).scalar_one()
    insert_rows(connection, _SUBJECT, [{"case_id": case_id, "seq": seq} for case_id in ids])
    return int(seq)


def _reached_by_cover(connection: Connection, person: Person, case_ids: Sequence[int]) -> bool:
    """Whether one of the cases is of an officer for whom the person stands in today."""
    if not person.covering or not case_ids:
        return False
    of_them = _CASES.c.officer_id.in_(sorted(person.covering)) & _CASES.c.id.in_(case_ids)
    return connection.execute(select(_CASES.c.id).where(of_them).limit(1)).first() is not None

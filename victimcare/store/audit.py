"""The audit trail: one append-only row for each thing done, in the transaction that did it.

The operations are the six of Data Protection Act 2018 s.62, and "access" for signing in and out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, insert

from victimcare.domain.people import Person
from victimcare.store.many import insert_rows
from victimcare.store.tables import Audit, AuditSubject

_AUDIT = Audit.__table__  # type: ignore[attr-defined]
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
    }
    seq = connection.execute(insert(_AUDIT).returning(_AUDIT.c.seq), row).scalar_one()
    insert_rows(connection, _SUBJECT, [{"case_id": case_id, "seq": seq} for case_id in ids])
    return int(seq)

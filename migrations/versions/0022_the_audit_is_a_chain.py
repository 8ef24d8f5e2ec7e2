"""the audit is a chain: each row follows the one before it, so that what is changed, taken out or put in shows

The rows there are become one chain in the order of their numbers. What went wrong before now cannot show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from victimcare.domain.audit_chain import FIRST, Entry, as_hashed, hash_of

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_CHUNK = 5_000
_NEW = ("team_id", "sign_in", "request_id", "recipient")
_CHAINED = {"chain": sa.Integer, "follows": sqlmodel.sql.sqltypes.AutoString, "hash": sqlmodel.sql.sqltypes.AutoString}
_AUDIT = sa.table(
    "audit",
    *(sa.column(name) for name in ("seq", "operation", "what", "person_id", "role", "outcome", "case_count")),
    *(sa.column(name) for name in ("cases_hash", "basis", *_NEW, *_CHAINED)),
    sa.column("at", sqlmodel.sql.sqltypes.UTCDateTime()),
)


def upgrade() -> None:
    for name in _NEW:
        op.add_column("audit", sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    for name, kind in _CHAINED.items():
        default = "0" if name == "chain" else ""
        op.add_column("audit", sa.Column(name, kind(), nullable=False, server_default=default))
    _let_rows_change()
    _chain_rows()
    with op.batch_alter_table("audit") as batch:
        for name in _CHAINED:
            batch.alter_column(name, server_default=None)
    _keep_for_ever()
    op.create_index("ix_audit_chain", "audit", ["chain", "seq"], unique=True)
    op.create_index("ix_audit_person_id", "audit", ["person_id", "seq"])


def _chain_rows() -> None:
    follows = FIRST
    mine = _AUDIT.c.seq == sa.bindparam("of_seq")
    changed = sa.update(_AUDIT).where(mine).values(follows=sa.bindparam("before"), hash=sa.bindparam("own"))
    for rows in _chunks():
        values = []
        for row in rows:
            said = {name: getattr(row, name) for name in Entry._fields}
            own = hash_of(follows, Entry(**{**said, "at": as_hashed(row.at)}))
            values.append({"of_seq": row.seq, "before": follows, "own": own})
            follows = own
        op.get_bind().execute(changed, values)


def _chunks() -> Iterator[Sequence[sa.Row[Any]]]:
    last = -1
    while rows := _after(last):
        yield rows
        last = rows[-1].seq


def _after(seq: int) -> Sequence[sa.Row[Any]]:
    chunk = sa.select(_AUDIT).where(_AUDIT.c.seq > seq).order_by(_AUDIT.c.seq).limit(_CHUNK)
    return op.get_bind().execute(chunk).all()


def _let_rows_change() -> None:
    if not _is_sqlite():
        op.execute("ALTER TABLE audit DISABLE TRIGGER audit_kept")
        return
    for operation in ("update", "delete"):
        op.execute(f"DROP TRIGGER audit_no_{operation}")


def _keep_for_ever() -> None:
    """As before, and neither by `INSERT OR REPLACE` nor by `TRUNCATE`, which tell no trigger of what they delete."""
    if _is_sqlite():
        for operation in ("UPDATE", "DELETE"):
            _refuse(operation)
        op.execute(
            "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit "
            "WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq) "
            "BEGIN SELECT RAISE(ABORT, 'audit rows are kept for ever'); END"
        )
        return
    op.execute("ALTER TABLE audit ENABLE TRIGGER audit_kept")
    for table in ("audit", "audit_subject"):
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION keep_for_ever()"
        )


def _refuse(operation: str) -> None:
    op.execute(
        f"CREATE TRIGGER audit_no_{operation.lower()} BEFORE {operation} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'audit rows are kept for ever'); END"
    )


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

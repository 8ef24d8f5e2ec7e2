"""how long a case is kept: what is due, what was decided, holds, and certificates of what was erased

What may never change or go may do so for a case that is being erased, within the transaction that erases it.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
_STANDING_DISPOSAL = sa.text("state IN ('proposed', 'disposed', 'erasing')")
_STANDING_HOLD = sa.text("lifted_at IS NULL")
_ERASED = {"journey_event": "UPDATE", "case_note": "DELETE", "identity_correction": "DELETE"}
_KEPT = {"journey_event": "DELETE", "case_note": "UPDATE", "identity_correction": "UPDATE"}
_OF_CASE = "disposal.case_id = OLD.case_id"
_OF_VICTIM = "disposal.case_id IN (SELECT id FROM victim_case WHERE victim_id = OLD.victim_id)"

_UNLESS_ERASING = "WHEN NOT EXISTS (SELECT 1 FROM disposal WHERE state = 'erasing' AND {}) "


def upgrade() -> None:
    op.add_column("victim_case", sa.Column("disposed_on", sa.Date(), nullable=True))
    _tables_of_disposal()
    _tables_beside_it()
    _let_erasing_through()


def _tables_of_disposal() -> None:
    op.create_table(
        "retention_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _INSTANT(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("state", _TEXT(), nullable=False),
        sa.Column("first_agreed_by", _TEXT(), nullable=True),
        sa.Column("first_agreed_at", _INSTANT(), nullable=True),
        sa.Column("agreed_by", _TEXT(), nullable=True),
        sa.Column("agreed_at", _INSTANT(), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'over_cap', 'agreed', 'replaced')", name="ck_state_known"),
        sa.CheckConstraint("agreed_by IS NULL OR agreed_by <> first_agreed_by", name="ck_retention_run_two_people"),
        sa.CheckConstraint(
            "state <> 'agreed' OR (agreed_by IS NOT NULL AND first_agreed_by IS NOT NULL)",
            name="ck_retention_run_agreed_by_two",
        ),
        *_people("first_agreed_by", "agreed_by"),
        sa.PrimaryKeyConstraint("id"),
    )
    states = ("proposed", "kept", "disposed", "undone", "lapsed", "erasing", "erased")
    op.create_table(
        "disposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("rule", _TEXT(), nullable=False),
        sa.Column("trigger_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", _TEXT(), nullable=False),
        sa.Column("decided_by", _TEXT(), nullable=True),
        sa.Column("decided_at", _INSTANT(), nullable=True),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=True),
        sa.Column("kept_until_on", sa.Date(), nullable=True),
        sa.Column("erase_from_on", sa.Date(), nullable=True),
        sa.Column("ended_by", _TEXT(), nullable=True),
        sa.Column("ended_at", _INSTANT(), nullable=True),
        sa.CheckConstraint(f"state IN ({', '.join(map(repr, states))})", name="ck_state_known"),
        sa.ForeignKeyConstraint(["run_id"], ["retention_run.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        *_people("decided_by", "ended_by"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_disposal_case_id", "disposal", ["case_id"])
    op.create_index("ix_disposal_state", "disposal", ["state", "erase_from_on"])
    _unique_while("uq_disposal_standing", "disposal", _STANDING_DISPOSAL)


def _tables_beside_it() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.Column("placed_by", _TEXT(), nullable=False),
        sa.Column("placed_at", _INSTANT(), nullable=False),
        sa.Column("sealed_lifted_reason", sa.LargeBinary(), nullable=True),
        sa.Column("lifted_by", _TEXT(), nullable=True),
        sa.Column("lifted_at", _INSTANT(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        *_people("placed_by", "lifted_by"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_legal_hold_case_id", "legal_hold", ["case_id"])
    _unique_while("uq_legal_hold_now", "legal_hold", _STANDING_HOLD)
    op.create_table(
        "erasure_certificate",
        sa.Column("disposal_id", sa.Integer(), nullable=False),
        sa.Column("case_ref", _TEXT(), nullable=False),
        sa.Column("team_id", _TEXT(), nullable=False),
        sa.Column("rule", _TEXT(), nullable=False),
        sa.Column("disposed_by", _TEXT(), nullable=False),
        sa.Column("disposed_at", _INSTANT(), nullable=False),
        sa.Column("run_agreed_by", _TEXT(), nullable=True),
        sa.Column("erased_at", _INSTANT(), nullable=False),
        sa.Column("backups_until_on", sa.Date(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["disposal_id"], ["disposal.id"]),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        *_people("disposed_by"),
        sa.PrimaryKeyConstraint("disposal_id"),
        sa.UniqueConstraint("case_ref"),
    )
    if _is_sqlite():
        _refuse("erasure_certificate", "UPDATE")
        _refuse("erasure_certificate", "DELETE")
    else:
        _keep_on_postgresql("erasure_certificate_kept", "erasure_certificate", "UPDATE OR DELETE")


def _people(*columns: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return tuple(sa.ForeignKeyConstraint([column], ["person.id"]) for column in columns)


def _unique_while(name: str, table: str, condition: sa.TextClause) -> None:
    op.create_index(name, table, ["case_id"], unique=True, sqlite_where=condition, postgresql_where=condition)


def _let_erasing_through() -> None:
    if _is_sqlite():
        for table, operation in _ERASED.items():
            of_row = _OF_VICTIM if table == "identity_correction" else _OF_CASE
            op.execute(f"DROP TRIGGER {table}_no_{operation.lower()}")
            _refuse(table, operation, _UNLESS_ERASING.format(of_row))
        return
    op.execute(
        "CREATE FUNCTION keep_until_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM disposal JOIN victim_case ON victim_case.id = disposal.case_id "
        "WHERE disposal.state = 'erasing' AND (to_jsonb(OLD)->>'case_id' = victim_case.id::text "
        "OR to_jsonb(OLD)->>'victim_id' = victim_case.victim_id::text)) THEN "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END IF; "
        "RAISE EXCEPTION '% rows are kept for ever', TG_TABLE_NAME; END $$"
    )
    for table, operation in _ERASED.items():
        op.execute(f"DROP TRIGGER {table}_kept ON {table}")
        _keep_on_postgresql(f"{table}_kept", table, _KEPT[table])
        _keep_on_postgresql(f"{table}_until_erased", table, operation, "keep_until_erased")


def _keep_on_postgresql(name: str, table: str, operations: str, function: str = "keep_for_ever") -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {operations} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()")


def _refuse(table: str, operation: str, when: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_{operation.lower()} BEFORE {operation} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{table} rows are kept for ever'); END"
    )


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

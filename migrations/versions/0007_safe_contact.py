"""contact points with how to use them safely, protected locations, and notes"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
_NOW = sa.text("lifted_at IS NULL")
_NEW_COLUMNS = (
    ("sealed_words", sa.LargeBinary),
    ("voicemail", sa.Boolean),
    ("say_who", sa.Boolean),
    ("preview_safe", sa.Boolean),
    ("answered_by_another_at", _INSTANT),
    ("superseded_by", _TEXT),
    ("suspect", _TEXT),
    ("added_at", _INSTANT),
    ("added_by", _TEXT),
)


def upgrade() -> None:
    for name, kind in _NEW_COLUMNS:
        op.add_column("contact_point", sa.Column(name, kind(), nullable=True))
    op.add_column("contact_point", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.execute("UPDATE contact_point SET kind = 'phone' WHERE kind IN ('mobile', 'landline')")
    _hashes()
    _protections()
    _notes()


def _hashes() -> None:
    op.create_table(
        "contact_hash",
        sa.Column("point_id", _TEXT(), nullable=False),
        sa.Column("part", _TEXT(), nullable=False),
        sa.Column("hash", _TEXT(), nullable=False),
        sa.CheckConstraint("part IN ('whole', 'line')", name="ck_part_known"),
        sa.ForeignKeyConstraint(["point_id"], ["contact_point.id"]),
        sa.PrimaryKeyConstraint("point_id", "part", "hash"),
    )
    op.create_index("ix_contact_hash_hash", "contact_hash", ["hash"])


def _protections() -> None:
    op.create_table(
        "location_protection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("custodian_id", _TEXT(), nullable=False),
        sa.Column("reason", _TEXT(), nullable=False),
        sa.Column("set_by", _TEXT(), nullable=False),
        sa.Column("set_at", _INSTANT(), nullable=False),
        sa.Column("lifted_by", _TEXT(), nullable=True),
        sa.Column("lifted_at", _INSTANT(), nullable=True),
        sa.Column("lifted_reason", _TEXT(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        *(sa.ForeignKeyConstraint([name], ["person.id"]) for name in ("custodian_id", "set_by", "lifted_by")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_location_protection_case_id", "location_protection", ["case_id"])
    op.create_index(
        "uq_location_protection_now",
        "location_protection",
        ["case_id"],
        unique=True,
        sqlite_where=_NOW,
        postgresql_where=_NOW,
    )


def _notes() -> None:
    op.create_table(
        "case_note",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("contains_location", sa.Boolean(), nullable=False),
        sa.Column("by", _TEXT(), nullable=False),
        sa.Column("at", _INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_case_note_case_id", "case_note", ["case_id"])
    if op.get_bind().dialect.name == "sqlite":
        for operation in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER case_note_no_{operation.lower()} BEFORE {operation} ON case_note "
                "BEGIN SELECT RAISE(ABORT, 'case_note rows are kept for ever'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER case_note_kept BEFORE UPDATE OR DELETE ON case_note "
            "FOR EACH ROW EXECUTE FUNCTION keep_for_ever()"
        )

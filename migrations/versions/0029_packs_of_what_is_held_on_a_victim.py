"""what is given to a victim who asks for all that is held on them: decided item by item, by two people"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
_STANDING = sa.text("released_at IS NULL AND withdrawn_at IS NULL")
_PEOPLE = ("prepared_by", "approved_by", "released_by", "withdrawn_by")


def upgrade() -> None:
    op.create_table(
        "record_pack",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("recipient", _TEXT(), nullable=False),
        sa.Column("sealed_recipient", sa.LargeBinary(), nullable=True),
        sa.Column("prepared_by", _TEXT(), nullable=False),
        sa.Column("prepared_at", _INSTANT(), nullable=False),
        sa.Column("approved_by", _TEXT(), nullable=True),
        sa.Column("approved_at", _INSTANT(), nullable=True),
        sa.Column("released_by", _TEXT(), nullable=True),
        sa.Column("released_at", _INSTANT(), nullable=True),
        sa.Column("withdrawn_by", _TEXT(), nullable=True),
        sa.Column("withdrawn_at", _INSTANT(), nullable=True),
        sa.CheckConstraint("recipient IN ('victim', 'representative')", name="ck_recipient_known"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="ck_record_pack_two_people"),
        sa.CheckConstraint(
            "released_by IS NULL OR released_by <> prepared_by", name="ck_record_pack_released_by_another"
        ),
        sa.CheckConstraint("released_at IS NULL OR approved_at IS NOT NULL", name="ck_record_pack_approved_first"),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        *(sa.ForeignKeyConstraint([column], ["person.id"]) for column in _PEOPLE),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_record_pack_case_id", "record_pack", ["case_id"])
    op.create_index(
        "uq_record_pack_standing",
        "record_pack",
        ["case_id"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    op.create_table(
        "record_pack_item",
        sa.Column("pack_id", _TEXT(), nullable=False),
        sa.Column("key", _TEXT(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("why_left_out", _TEXT(), nullable=True),
        sa.Column("mark", _TEXT(), nullable=False),
        sa.CheckConstraint("given = (why_left_out IS NULL)", name="ck_record_pack_item_why"),
        sa.ForeignKeyConstraint(["pack_id"], ["record_pack.id"]),
        sa.PrimaryKeyConstraint("pack_id", "key"),
    )

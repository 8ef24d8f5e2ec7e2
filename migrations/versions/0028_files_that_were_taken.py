"""files of figures that left the service, and what each held"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "export",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("what", _TEXT(), nullable=False),
        sa.Column("of", _TEXT(), nullable=False),
        sa.Column("columns", _TEXT(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("sha256", _TEXT(), nullable=False),
        sa.Column("classification", _TEXT(), nullable=False),
        sa.Column("purpose", _TEXT(), nullable=False),
        sa.Column("taken_by", _TEXT(), nullable=False),
        sa.Column("taken_at", _INSTANT(), nullable=False),
        sa.CheckConstraint("what IN ('compliance', 'referrals')", name="ck_what_known"),
        sa.CheckConstraint("purpose IN ('meeting', 'partner', 'request', 'publication')", name="ck_purpose_known"),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_export_taken_at", "export", ["taken_at"])

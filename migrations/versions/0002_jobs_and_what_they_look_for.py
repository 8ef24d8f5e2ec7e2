"""jobs, and indexes for what they look for"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_UNSETTLED = sa.text("status IN ('waiting', 'leased', 'failed', 'outcome_unknown')")


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("does", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("every_minutes", sa.Integer(), nullable=True),
        sa.Column("daily_at", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("late_after_minutes", sa.Integer(), nullable=False),
        sa.Column("declared_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("(every_minutes IS NULL) <> (daily_at IS NULL)", name="ck_job_one_trigger"),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("ix_breach_found", "breach", ["found_at"])
    op.drop_index("ix_outbox_waiting", "outbox")
    op.create_index(
        "ix_outbox_unsettled",
        "outbox",
        ["status", "next_try_at"],
        sqlite_where=_UNSETTLED,
        postgresql_where=_UNSETTLED,
    )

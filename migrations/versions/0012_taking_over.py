"""taking over a case that was handed over, and what the next officer must know"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_NOT_TAKEN_OVER = sa.text(
    "until_at IS NULL AND from_officer_id IS NOT NULL AND (acknowledged_at IS NULL OR victim_told_at IS NULL)"
)


def upgrade() -> None:
    """What was handed over before this counts as taken over: nobody was asked to say so."""
    instant = sqlmodel.sql.sqltypes.UTCDateTime
    op.add_column("case_note", sa.Column("for_hand_over", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("assignment", sa.Column("from_officer_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("assignment", sa.Column("acknowledged_at", instant(), nullable=True))
    op.add_column("assignment", sa.Column("victim_told_at", instant(), nullable=True))
    op.create_index(
        "ix_assignment_not_taken_over",
        "assignment",
        ["officer_id"],
        sqlite_where=_NOT_TAKEN_OVER,
        postgresql_where=_NOT_TAKEN_OVER,
    )

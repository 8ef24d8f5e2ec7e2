"""what a team has not taken over yet is found without reading its cases"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_NOT_TAKEN_OVER = sa.text(
    "until_at IS NULL AND from_officer_id IS NOT NULL AND (acknowledged_at IS NULL OR victim_told_at IS NULL)"
)


def upgrade() -> None:
    op.create_index(
        "ix_assignment_not_taken_over_in_team",
        "assignment",
        ["team_id"],
        sqlite_where=_NOT_TAKEN_OVER,
        postgresql_where=_NOT_TAKEN_OVER,
    )

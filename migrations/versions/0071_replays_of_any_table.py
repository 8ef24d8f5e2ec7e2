"""replays of any of the board's tables, and not of duties alone: what is told, and no longer what splits it"""

from __future__ import annotations

from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("replay_asked", "split", new_column_name="told")

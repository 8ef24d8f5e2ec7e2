"""the answers about the quality of cases are counted by team and month"""

from __future__ import annotations

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_quality_answer_team", "quality_answer", ["team_id", "month"])

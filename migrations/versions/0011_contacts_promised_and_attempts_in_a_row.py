"""when the victim was promised to hear again, and how often nobody reached them since the last contact"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Corrections aside: where an attempt was taken back, the case's next event, or a rebuild, writes the number anew.
_COUNT = """
UPDATE victim_case SET attempts = (
    SELECT COUNT(*) FROM journey_event e
    WHERE e.case_id = victim_case.id AND e.kind = 'contact_attempted' AND e.corrects IS NULL
    AND (victim_case.last_contact_on IS NULL OR e.happened_on > victim_case.last_contact_on)
)
"""


def upgrade() -> None:
    op.add_column("victim_case", sa.Column("promised_contact_on", sa.Date(), nullable=True))
    op.add_column("victim_case", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
    op.execute(_COUNT)
    tried = sa.text("attempts > 0")
    op.create_index(
        "ix_victim_case_tried", "victim_case", ["team_id", "attempts"], sqlite_where=tried, postgresql_where=tried
    )

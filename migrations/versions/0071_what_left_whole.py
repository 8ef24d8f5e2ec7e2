"""an index of when everything left, for the log of every case"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A few rows of millions."""
    where = sa.text("recipient = 'export'")
    op.create_index("ix_audit_everything_left", "audit", ["seq"], sqlite_where=where, postgresql_where=where)

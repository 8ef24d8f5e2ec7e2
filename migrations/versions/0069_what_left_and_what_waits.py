"""an index of when everything left, for the log of every case; and when a record that waits came last"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What waits already is taken to have come now: its days begin."""
    where = sa.text("recipient = 'export'")
    op.create_index("ix_audit_everything_left", "audit", ["seq"], sqlite_where=where, postgresql_where=where)
    op.add_column("source_record", sa.Column("came_at", sa.DateTime(timezone=True), nullable=True))
    record = sa.table("source_record", sa.column("came_at"), sa.column("state"))
    op.execute(record.update().where(record.c.state == "waiting").values(came_at=sa.func.current_timestamp()))

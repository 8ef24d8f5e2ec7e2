"""events that a victim who joined a crime later has as history"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("journey_event", sa.Column("as_history", sa.Boolean(), server_default=sa.false(), nullable=False))

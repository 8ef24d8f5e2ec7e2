"""messages that wait for the victim's times, and why one goes in a way that they did not choose"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No message that was written before is urgent: it waits for the times that the victim chose."""
    op.add_column("message", sa.Column("unwanted_because", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("message", sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False))

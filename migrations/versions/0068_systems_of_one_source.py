"""the source whose records a system of the force may bring"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those that are registered already are bound to none."""
    op.add_column("api_client", sa.Column("source", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("api_client") as client:
        client.alter_column("source", server_default=None)

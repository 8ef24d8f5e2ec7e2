"""what waits for a second person: good reasons asked for, and cases to be made void"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ASKED = sa.text("asked IS NOT NULL")
_VOID_REQUESTED = sa.text("kind = 'case_void_requested'")


def upgrade() -> None:
    """No form has asked for a good reason before this, so nothing waits."""
    op.add_column("due", sa.Column("asked", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.create_index("ix_due_asked", "due", ["holder_team_id"], sqlite_where=_ASKED, postgresql_where=_ASKED)
    op.create_index(
        "ix_journey_event_void_requested",
        "journey_event",
        ["case_id"],
        sqlite_where=_VOID_REQUESTED,
        postgresql_where=_VOID_REQUESTED,
    )

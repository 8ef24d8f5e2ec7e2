"""links that wait for a second person, found along an index of their own"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_WAITING = sa.text("confirmed_at IS NULL AND undone_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_case_link_unconfirmed",
        "case_link",
        ["proposed_at"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )

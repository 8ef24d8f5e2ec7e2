"""what each duty would be due by the bank holidays in force, where it keeps an earlier day until somebody decides"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_UNDECIDED = sa.text("otherwise_on IS NOT NULL")


def upgrade() -> None:
    """Empty: no list but the first has ever been in force."""
    op.add_column("due", sa.Column("otherwise_on", sa.Date(), nullable=True))
    op.create_index("ix_due_undecided", "due", ["holder_team_id"], sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED)

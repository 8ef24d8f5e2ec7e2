"""what an officer's open duties weigh is read from the index of the holder alone, without a look at each duty"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_OPEN_AND_COUNTED = sa.text("ended_on IS NULL AND counting = 'counted'")


def upgrade() -> None:
    op.drop_index("ix_due_holder", "due")
    op.create_index(
        "ix_due_holder",
        "due",
        ["holder_id", "due_on", "owed_by", "tier", "rule", "ended_on", "counting"],
        sqlite_where=_OPEN_AND_COUNTED,
        postgresql_where=_OPEN_AND_COUNTED,
    )

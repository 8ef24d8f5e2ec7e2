"""replays of a quarter by the times that a force would ask of itself"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    own_times = sa.Column("own_times", AutoString(), server_default=sa.text("''"), nullable=False)
    op.add_column("replay_asked", own_times)

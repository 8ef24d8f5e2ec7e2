"""replays of a quarter by area, type of crime, tier, team and month, and not by right alone"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    split = sa.Column("split", AutoString(), server_default=sa.text("'right'"), nullable=False)
    op.add_column("replay_asked", split)

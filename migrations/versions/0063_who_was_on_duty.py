"""who was on duty in a team before whoever is now

Nothing is filled in: who was on duty before was never kept. Of days before the first change from now on, whoever is on
duty today is the best that is known.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_duty",
        sa.Column("team_id", AutoString(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("supervisor_id", AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.PrimaryKeyConstraint("team_id", "until_on"),
    )

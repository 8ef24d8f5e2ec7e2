"""cases in which nothing happens, by team and by officer: a day's page looks at its own and not at the force's"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_STANDS = sa.text("stands_since_on IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_victim_case_stands", "victim_case")
    op.create_index(
        "ix_victim_case_stands",
        "victim_case",
        ["stage", "stands_since_on"],
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )
    for whose in ("team", "officer"):
        op.create_index(
            f"ix_victim_case_stands_{whose}",
            "victim_case",
            [f"{whose}_id", "stage", "stands_since_on"],
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        )

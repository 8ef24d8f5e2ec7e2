"""a team's cases, and those that are held, counted along an index"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _replace("ix_victim_case_team", ["team_id", "status", "officer_id"])
    _replace("ix_victim_case_held", ["team_id", "status", "opened_on", "officer_id", "held"], where="held")


def _replace(name: str, columns: list[str], where: str | None = None) -> None:
    only = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
    op.drop_index(name, table_name="victim_case")
    op.create_index(name, "victim_case", columns, **only)

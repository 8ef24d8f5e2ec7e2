"""names that are nearly spelled: keyed hashes by which they are found, filled in by `make_findable` when a vault is open"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "victim_name_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("victim_id", sa.Integer(), nullable=False),
        sa.Column("name_no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["victim_id"], ["victim.id"]),
        sa.PrimaryKeyConstraint("key", "victim_id", "name_no"),
    )
    op.create_index("ix_victim_name_key_victim_id", "victim_name_key", ["victim_id"])

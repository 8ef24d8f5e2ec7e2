"""what the board decided to do about its findings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", AutoString(), nullable=False),
        sa.Column("measure", AutoString(), nullable=False),
        sa.Column("way", AutoString(), nullable=False),
        sa.Column("baseline", AutoString(), nullable=False),
        sa.Column("owner", AutoString(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.CheckConstraint("way IN ('up', 'down')", name="ck_way_known"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "board_action_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("step", AutoString(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("words", AutoString(), nullable=False),
        sa.Column("recorded_by", AutoString(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("step IN ('decided', 'due_moved', 'done', 'dropped')", name="ck_step_known"),
        sa.ForeignKeyConstraint(["action_id"], ["board_action.id"]),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_board_action_step_action_id", "board_action_step", ["action_id"])

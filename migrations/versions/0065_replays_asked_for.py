"""replays of a quarter that the board asked for on a page, and how far each has come"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "replay_asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", AutoString(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("edition_id", sa.Integer()),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("asked_by", AutoString(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime()),
        sa.Column("cases_done", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("failed_at", UTCDateTime()),
        sa.Column("made_at", UTCDateTime()),
        sa.Column("replay_id", sa.Integer()),
        sa.Column("officers", sa.Integer()),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["edition_id"], ["code_edition.id"]),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["replay_id"], ["replay.id"]),
        sa.CheckConstraint("(made_at IS NULL) = (replay_id IS NULL)", name="ck_replay_asked_made"),
    )
    op.create_index("ix_replay_asked_quarter", "replay_asked", ["quarter"])

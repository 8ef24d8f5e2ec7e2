"""the lists of bank holidays as they were proposed and approved, and the cases whose deadlines follow one"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is in them: until somebody proposes a list, the one that came with the program is in force."""
    op.create_table(
        "holiday_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", AutoString(), nullable=False),
        sa.Column("known_until_on", sa.Date(), nullable=False),
        sa.Column("proposed_by", AutoString(), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("decided_by", AutoString(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("cases", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'refused', 'replaced')", name="ck_state_known"),
        sa.CheckConstraint("source IN ('program', 'file', 'page', 'address')", name="ck_source_known"),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'refused') OR decided_at IS NOT NULL", name="ck_holiday_list_decided"
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "holiday",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["holiday_list.id"]),
        sa.PrimaryKeyConstraint("list_id", "on_date"),
    )
    op.create_table(
        "holiday_move",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["holiday_list.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.PrimaryKeyConstraint("list_id", "case_id"),
    )
    op.create_index("ix_holiday_move_case", "holiday_move", ["case_id"])

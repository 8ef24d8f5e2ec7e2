"""messages that victims left for their case officer, and who stands in for an officer who is away"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_UNANSWERED = sa.text("done_at IS NULL")
_UNPLACED = sa.text("case_id IS NULL AND done_at IS NULL")
_Text = sqlmodel.sql.sqltypes.AutoString
_Instant = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "cover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", _Text(), nullable=False),
        sa.Column("cover_id", _Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("named_by", _Text(), nullable=False),
        sa.Column("named_at", _Instant(), nullable=False),
        sa.Column("ended_by", _Text(), nullable=True),
        sa.Column("ended_at", _Instant(), nullable=True),
        sa.CheckConstraint("until_on >= from_on", name="ck_cover_period"),
        sa.CheckConstraint("officer_id <> cover_id", name="ck_cover_two_people"),
        *[sa.ForeignKeyConstraint([who], ["person.id"]) for who in ("officer_id", "cover_id", "named_by", "ended_by")],
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_cover_officer", "cover", ["officer_id", "until_on"])
    op.create_index("ix_cover_cover", "cover", ["cover_id", "until_on"])
    _left_messages()
    op.add_column("audit", sa.Column("basis", _Text(), nullable=True))
    op.create_index("ix_crime_source_ref", "crime", ["source_ref"])
    op.create_index("ix_victim_searched_name", "victim", ["searched_name"])


def _left_messages() -> None:
    op.create_table(
        "left_message",
        sa.Column("id", _Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("team_id", _Text(), nullable=True),
        sa.Column("taken_by", _Text(), nullable=False),
        sa.Column("taken_at", _Instant(), nullable=False),
        sa.Column("wants", _Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("contains_location", sa.Boolean(), nullable=False),
        sa.Column("safe_to_ring", sa.Boolean(), nullable=False),
        sa.Column("reply_by_on", sa.Date(), nullable=False),
        sa.Column("placed_by", _Text(), nullable=True),
        sa.Column("placed_at", _Instant(), nullable=True),
        sa.Column("done_at", _Instant(), nullable=True),
        sa.Column("done_by", _Text(), nullable=True),
        sa.CheckConstraint(
            "wants IN ('news', 'tell', 'afraid', 'date', 'support', 'complain', 'other')", name="ck_wants_known"
        ),
        sa.CheckConstraint("case_id IS NOT NULL OR team_id IS NOT NULL", name="ck_left_message_for_somebody"),
        sa.CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="ck_left_message_done_by"),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        *[sa.ForeignKeyConstraint([who], ["person.id"]) for who in ("taken_by", "placed_by", "done_by")],
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_left_message_case_id", "left_message", ["case_id"])
    op.create_index(
        "ix_left_message_unanswered",
        "left_message",
        ["case_id"],
        sqlite_where=_UNANSWERED,
        postgresql_where=_UNANSWERED,
    )
    op.create_index(
        "ix_left_message_unplaced", "left_message", ["team_id"], sqlite_where=_UNPLACED, postgresql_where=_UNPLACED
    )

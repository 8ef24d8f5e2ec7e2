"""packs for the board, kept as they were made"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_WAITING = sa.text("made_at IS NULL AND failed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "board_pack",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("period", AutoString(), nullable=False),
        sa.Column("baseline", AutoString(), nullable=False),
        sa.Column("force", AutoString(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("asked_by", AutoString(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=True),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=True),
        sa.Column("failed_at", UTCDateTime(), nullable=True),
        sa.Column("same_as", AutoString(), nullable=True),
        sa.Column("sha256", AutoString(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("note", AutoString(), nullable=False),
        sa.CheckConstraint("(sha256 IS NULL) = (content IS NULL)", name="ck_board_pack_named"),
        sa.CheckConstraint(
            "made_at IS NULL OR (sha256 IS NULL) = (same_as IS NOT NULL)", name="ck_board_pack_made_or_same"
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["same_as"], ["board_pack.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("uq_board_pack_sha256", "board_pack", ["sha256"], unique=True)
    waiting = {"sqlite_where": _WAITING, "postgresql_where": _WAITING}
    op.create_index("uq_board_pack_waiting", "board_pack", ["period", "baseline"], unique=True, **waiting)
    op.create_table(
        "board_pack_file",
        sa.Column("pack_id", AutoString(), nullable=False),
        sa.Column("format", AutoString(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("format IN ('html', 'pdf', 'ods', 'csv', 'json')", name="ck_format_known"),
        sa.ForeignKeyConstraint(["pack_id"], ["board_pack.id"]),
        sa.PrimaryKeyConstraint("pack_id", "format"),
    )
    with op.batch_alter_table("export") as export:
        export.drop_constraint("ck_what_known", type_="check")
        export.create_check_constraint("ck_what_known", "what IN ('compliance', 'referrals', 'support', 'packs')")

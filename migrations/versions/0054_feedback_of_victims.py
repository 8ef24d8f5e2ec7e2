"""what victims answer when they are asked how it was for them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_EXPORTS = "'compliance', 'referrals', 'support', 'packs', 'feedback'"

_TO_HEAR = sa.text("ended_at IS NULL")
_TO_READ = sa.text("sealed_words IS NOT NULL AND read_at IS NULL")


def upgrade() -> None:
    _requests()
    op.create_table(
        "feedback_answer",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("question", AutoString(), nullable=False),
        sa.Column("answer", AutoString(), nullable=False),
        sa.CheckConstraint("answer IN ('yes', 'partly', 'no', 'rather_not_say')", name="ck_answer_known"),
        sa.ForeignKeyConstraint(["request_id"], ["feedback_request.id"]),
        sa.PrimaryKeyConstraint("request_id", "question"),
    )
    op.create_table(
        "feedback_theme",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("theme", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["feedback_request.id"]),
        sa.PrimaryKeyConstraint("request_id", "theme"),
    )
    op.create_table(
        "feedback_opt_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("from_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", AutoString(), nullable=False),
        sa.Column("until_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_feedback_opt_out_case_id", "feedback_opt_out", ["case_id"])
    op.add_column("message", sa.Column("gone_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("export") as export:
        export.drop_constraint("ck_what_known", type_="check")
        export.create_check_constraint("ck_what_known", f"what IN ({_EXPORTS})")


def _requests() -> None:
    op.create_table(
        "feedback_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", AutoString(), nullable=False),
        sa.Column("point", AutoString(), nullable=False),
        sa.Column("channel", AutoString(), nullable=False),
        sa.Column("message_id", AutoString(), nullable=True),
        sa.Column("team_id", AutoString(), nullable=False),
        sa.Column("area", AutoString(), nullable=False),
        sa.Column("written_by", AutoString(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_as", AutoString(), nullable=True),
        sa.Column("ended_by", AutoString(), nullable=True),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=True),
        sa.Column("contains_location", sa.Boolean(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=True),
        sa.Column("read_by", AutoString(), nullable=True),
        sa.CheckConstraint("channel IN ('letter', 'email', 'text', 'phone')", name="ck_channel_known"),
        sa.CheckConstraint("ended_as IN ('answered', 'declined', 'taken_back')", name="ck_ended_as_known"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ck_feedback_ended_as"),
        sa.CheckConstraint("(read_at IS NULL) = (read_by IS NULL)", name="ck_feedback_read_by"),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"]),
        sa.ForeignKeyConstraint(["read_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_feedback_request_case_id", "feedback_request", ["case_id"])
    op.create_index("ix_feedback_request_message_id", "feedback_request", ["message_id"])
    op.create_index("ix_feedback_asked", "feedback_request", ["asked_on"])
    op.create_index(
        "ix_feedback_to_hear", "feedback_request", ["team_id"], sqlite_where=_TO_HEAR, postgresql_where=_TO_HEAR
    )
    op.create_index(
        "ix_feedback_to_read", "feedback_request", ["team_id"], sqlite_where=_TO_READ, postgresql_where=_TO_READ
    )

"""questions to a supervisor with their answers, and the words with which a good reason was asked for"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
_TO_ANSWER = sa.text("answered_at IS NULL")
_TO_READ = sa.text("answered_at IS NOT NULL AND read_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "supervisor_question",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", _TEXT(), nullable=False),
        sa.Column("asked_at", _INSTANT(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.Column("contains_location", sa.Boolean(), nullable=False),
        sa.Column("answered_by", _TEXT(), nullable=True),
        sa.Column("answered_at", _INSTANT(), nullable=True),
        sa.Column("read_at", _INSTANT(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (sealed_answer IS NULL)",
            name="ck_supervisor_question_answered",
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_supervisor_question_case_id", "supervisor_question", ["case_id"])
    for name, where in (("open", _TO_ANSWER), ("unread", _TO_READ)):
        op.create_index(
            f"ix_supervisor_question_{name}",
            "supervisor_question",
            ["case_id"],
            sqlite_where=where,
            postgresql_where=where,
        )
    op.add_column("case_note", sa.Column("event_key", _TEXT(), nullable=True))

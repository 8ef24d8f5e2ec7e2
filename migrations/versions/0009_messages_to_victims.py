"""written messages to victims, which leave through the outbox too"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("template", _TEXT(), nullable=False),
        sa.Column("language", _TEXT(), nullable=False),
        sa.Column("channel", _TEXT(), nullable=False),
        sa.Column("point_id", _TEXT(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("duties", sa.Text(), nullable=True),
        sa.Column("contains_location", sa.Boolean(), nullable=False),
        sa.Column("written_by", _TEXT(), nullable=False),
        sa.Column("written_at", _INSTANT(), nullable=False),
        sa.Column("printed_at", _INSTANT(), nullable=True),
        sa.Column("withdrawn_at", _INSTANT(), nullable=True),
        sa.Column("event_key", _TEXT(), nullable=True),
        sa.CheckConstraint("channel IN ('letter', 'email', 'text')", name="ck_channel_known"),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.ForeignKeyConstraint(["point_id"], ["contact_point.id"]),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_message_case_id", "message", ["case_id"])
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("message_id", _TEXT(), nullable=True))
        batch_op.alter_column("recipient_id", existing_type=_TEXT(), nullable=True)
        batch_op.create_foreign_key("fk_outbox_message_id_message", "message", ["message_id"], ["id"])
        batch_op.create_unique_constraint("uq_outbox_message", ["message_id"])
        batch_op.create_check_constraint("ck_outbox_one_recipient", "(recipient_id IS NULL) <> (message_id IS NULL)")

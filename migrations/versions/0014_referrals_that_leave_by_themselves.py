"""referrals that leave by themselves: how a service takes them, and those on their way"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
_ONE_OF_THREE = (
    "CASE WHEN recipient_id IS NULL THEN 0 ELSE 1 END + CASE WHEN message_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN referral_id IS NULL THEN 0 ELSE 1 END = 1"
)


def upgrade() -> None:
    """Every service that is known takes what is printed: nobody has asked for its certificate yet."""
    op.add_column("service", sa.Column("delivery", _TEXT(), server_default="print", nullable=False))
    op.add_column("service", sa.Column("email", _TEXT(), nullable=True))
    op.add_column("service", sa.Column("certificate", sa.Text(), nullable=True))
    with op.batch_alter_table("service") as batch_op:
        batch_op.alter_column("delivery", existing_type=_TEXT(), server_default=None)
        batch_op.create_check_constraint("ck_delivery_known", "delivery IN ('email', 'print')")
        batch_op.create_check_constraint(
            "ck_service_email_sealed", "delivery = 'print' OR (email IS NOT NULL AND certificate IS NOT NULL)"
        )
    op.create_table(
        "outgoing_referral",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("service_id", _TEXT(), nullable=False),
        sa.Column("by_email", sa.Boolean(), nullable=False),
        sa.Column("guardian_agreed", sa.Boolean(), nullable=False),
        sa.Column("told_no_safe_way", sa.Boolean(), nullable=False),
        sa.Column("duties", sa.Text(), nullable=True),
        sa.Column("asked_by", _TEXT(), nullable=False),
        sa.Column("asked_at", _INSTANT(), nullable=False),
        sa.Column("fields", _TEXT(), nullable=True),
        sa.Column("content_hash", _TEXT(), nullable=True),
        sa.Column("went_without_a_way", sa.Boolean(), nullable=False),
        sa.Column("printed_at", _INSTANT(), nullable=True),
        sa.Column("withdrawn_at", _INSTANT(), nullable=True),
        sa.Column("event_key", _TEXT(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outgoing_referral_case_id", "outgoing_referral", ["case_id"])
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("referral_id", _TEXT(), nullable=True))
        batch_op.create_foreign_key("fk_outbox_referral_id", "outgoing_referral", ["referral_id"], ["id"])
        batch_op.create_unique_constraint("uq_outbox_referral", ["referral_id"])
        batch_op.drop_constraint("ck_outbox_one_recipient", type_="check")
        batch_op.create_check_constraint("ck_outbox_one_recipient", _ONE_OF_THREE)

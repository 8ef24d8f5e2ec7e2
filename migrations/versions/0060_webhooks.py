"""what the systems of agencies are told by themselves, and each attempt to tell it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

_TO_BE_TOLD = sa.text("status IN ('waiting', 'leased')")


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("person_id", AutoString(), nullable=False),
        sa.Column("url", AutoString(), nullable=False),
        sa.Column("kinds", AutoString(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=True),
        sa.Column("secret_made_at", UTCDateTime(), nullable=True),
        sa.Column("sealed_former", sa.LargeBinary(), nullable=True),
        sa.Column("former_until", UTCDateTime(), nullable=True),
        sa.Column("status", AutoString(), nullable=False),
        sa.Column("status_at", UTCDateTime(), nullable=False),
        sa.Column("failing_since", UTCDateTime(), nullable=True),
        sa.Column("changed_by", AutoString(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("status IN ('on', 'off', 'failing', 'gone')", name="ck_status_known"),
        sa.ForeignKeyConstraint(["person_id"], ["api_client.person_id"]),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )
    _events()
    op.create_table(
        "webhook_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("outcome", AutoString(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["webhook_event.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_webhook_attempt_event_id", "webhook_attempt", ["event_id"])


def _events() -> None:
    op.create_table(
        "webhook_event",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("person_id", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("subject", AutoString(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("status", AutoString(), nullable=False),
        sa.Column("next_try_at", UTCDateTime(), nullable=False),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'leased', 'delivered', 'failed', 'cancelled', 'held')", name="ck_status_known"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["webhook.person_id"]),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_webhook_event_case_id", "webhook_event", ["case_id"])
    op.create_index("ix_webhook_event_person_id_created_at", "webhook_event", ["person_id", "created_at"])
    op.create_index(
        "ix_webhook_event_to_be_told",
        "webhook_event",
        ["next_try_at"],
        sqlite_where=_TO_BE_TOLD,
        postgresql_where=_TO_BE_TOLD,
    )

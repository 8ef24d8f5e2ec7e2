"""the directory of services, what was sent to them, and who keeps it"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
_ROLES = ("officer", "supervisor", "board", "administrator", "system")
_NEW_ROLE = "directory_editor"
_NO_SERVICE_FITS = sa.text("kind = 'no_service_fits'")


def upgrade() -> None:
    _roles((*_ROLES[:-1], _NEW_ROLE, _ROLES[-1]))
    op.create_table(
        "service",
        *(sa.Column(name, _TEXT(), nullable=False) for name in ("id", "name", "areas", "needs", "specialisms")),
        sa.Column("languages", _TEXT(), nullable=False),
        sa.Column("age_from", sa.Integer(), nullable=True),
        sa.Column("age_to", sa.Integer(), nullable=True),
        sa.Column("capacity", _TEXT(), nullable=False),
        sa.Column("contact_way", _TEXT(), nullable=False),
        sa.Column("listed_first", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", _TEXT(), nullable=False),
        sa.Column("changed_at", _INSTANT(), nullable=False),
        sa.CheckConstraint("capacity IN ('free', 'waiting', 'full')", name="ck_capacity_known"),
        sa.CheckConstraint("age_from IS NULL OR age_to IS NULL OR age_from <= age_to", name="ck_service_ages"),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "sent_referral",
        sa.Column("event_key", _TEXT(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("service_id", _TEXT(), nullable=False),
        sa.Column("fields", _TEXT(), nullable=False),
        sa.Column("content_hash", _TEXT(), nullable=False),
        sa.Column("told_no_safe_way", sa.Boolean(), nullable=False),
        sa.Column("sent_by", _TEXT(), nullable=False),
        sa.Column("sent_at", _INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"]),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("event_key"),
    )
    op.create_index("ix_sent_referral_case_id", "sent_referral", ["case_id"])
    op.create_index("ix_sent_referral_service_id", "sent_referral", ["service_id"])
    op.create_index(
        "ix_journey_event_no_service",
        "journey_event",
        ["case_id"],
        sqlite_where=_NO_SERVICE_FITS,
        postgresql_where=_NO_SERVICE_FITS,
    )


def _roles(roles: tuple[str, ...]) -> None:
    known = "role IN (" + ", ".join(f"'{role}'" for role in roles) + ")"
    with op.batch_alter_table("person") as person:
        person.drop_constraint("ck_role_known", type_="check")
        person.create_check_constraint("ck_role_known", known)

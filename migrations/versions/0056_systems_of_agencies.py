"""systems of other agencies: their secrets and tokens, what they asked to be written, and the cases that concern them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_ROLES = ("officer", "supervisor", "board", "administrator", "directory_editor", "privacy_reviewer", "code_lead")
_ROLES += ("service_user", "witness_care", "api_client", "system")
_OWED_BY_OTHERS = sa.text("ended_on IS NULL AND owed_by <> 'police'")
_BY_AN_AGENCY = sa.text("source = 'agency'")


def upgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.drop_constraint("ck_role_known", type_="check")
        person.create_check_constraint("ck_role_known", "role IN (" + ", ".join(f"'{one}'" for one in _ROLES) + ")")
    _systems()
    op.create_index(
        "ix_due_owed_by_others",
        "due",
        ["owed_by", "case_id"],
        sqlite_where=_OWED_BY_OTHERS,
        postgresql_where=_OWED_BY_OTHERS,
    )
    op.create_index(
        "ix_journey_event_by_agency",
        "journey_event",
        ["recorded_by", "case_id"],
        sqlite_where=_BY_AN_AGENCY,
        postgresql_where=_BY_AN_AGENCY,
    )


def _systems() -> None:
    op.create_table(
        "api_client",
        sa.Column("person_id", AutoString(), nullable=False),
        sa.Column("agency", AutoString(), nullable=False),
        sa.Column("scopes", AutoString(), nullable=False),
        sa.Column("secret_hash", AutoString(), nullable=False),
        sa.Column("secret_made_at", UTCDateTime(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("registered_by", AutoString(), nullable=False),
        sa.Column("registered_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["registered_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "api_token",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("person_id", AutoString(), nullable=False),
        sa.Column("scopes", AutoString(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["api_client.person_id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_api_token_person_id", "api_token", ["person_id"])
    op.create_index("ix_api_token_expires_at", "api_token", ["expires_at"])
    op.create_table(
        "api_write",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("person_id", AutoString(), nullable=False),
        sa.Column("request_hash", AutoString(), nullable=False),
        sa.Column("answer", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["api_client.person_id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_api_write_person_id", "api_write", ["person_id"])
    op.create_index("ix_api_write_at", "api_write", ["at"])

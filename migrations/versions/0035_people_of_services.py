"""people of services: who they work for, and what went with each referral, sealed, for them to read"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_ROLES = ("officer", "supervisor", "board", "administrator", "directory_editor", "privacy_reviewer", "code_lead")


def upgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("service_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        person.drop_constraint("ck_role_known", type_="check")
        person.create_check_constraint("ck_role_known", _known((*_ROLES, "service_user", "system")))
    op.add_column("outgoing_referral", sa.Column("sealed_document", sa.LargeBinary(), nullable=True))
    op.create_index("ix_outgoing_referral_service_id", "outgoing_referral", ["service_id"])


def _known(roles: tuple[str, ...]) -> str:
    return "role IN (" + ", ".join(f"'{role}'" for role in roles) + ")"

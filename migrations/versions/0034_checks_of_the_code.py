"""the Code lead, and what they found who compared the editions with the Code itself"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_ROLES = ("officer", "supervisor", "board", "administrator", "directory_editor", "privacy_reviewer")


def upgrade() -> None:
    _roles((*_ROLES, "code_lead", "system"))
    op.create_table(
        "code_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition", _TEXT(), nullable=False),
        sa.Column("entry", _TEXT(), nullable=False),
        sa.Column("entry_mark", _TEXT(), nullable=False),
        sa.Column("finding", _TEXT(), nullable=False),
        sa.Column("source", _TEXT(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("difference", sa.Text(), nullable=True),
        sa.Column("checked_by", _TEXT(), nullable=False),
        sa.Column("checked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("finding IN ('agrees', 'differs')", name="ck_finding_known"),
        sa.CheckConstraint("(finding = 'differs') = (difference IS NOT NULL)", name="ck_code_check_difference"),
        sa.ForeignKeyConstraint(["checked_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_code_check_entry", "code_check", ["edition", "entry"])


def _roles(roles: tuple[str, ...]) -> None:
    known = "role IN (" + ", ".join(f"'{role}'" for role in roles) + ")"
    with op.batch_alter_table("person") as person:
        person.drop_constraint("ck_role_known", type_="check")
        person.create_check_constraint("ck_role_known", known)

"""emergency access to one case for a while, its review, and the role that reviews it"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_TIME = sqlmodel.sql.sqltypes.UTCDateTime
_ROLES = ("officer", "supervisor", "board", "administrator", "directory_editor")
_NOT_ENDED, _NOT_REVIEWED = sa.text("ended_at IS NULL"), sa.text("outcome IS NULL")


def upgrade() -> None:
    _roles((*_ROLES, "privacy_reviewer", "system"))
    op.create_table(
        "emergency_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", _TEXT(), nullable=False),
        sa.Column("session_id", _TEXT(), nullable=False),
        sa.Column("reason", _TEXT(), nullable=False),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", _TIME(), nullable=False),
        sa.Column("until_at", _TIME(), nullable=False),
        sa.Column("ended_at", _TIME(), nullable=True),
        sa.Column("outcome", _TEXT(), nullable=True),
        sa.Column("reviewed_by", _TEXT(), nullable=True),
        sa.Column("reviewed_at", _TIME(), nullable=True),
        sa.Column("sealed_review", sa.LargeBinary(), nullable=True),
        sa.Column("escalated_at", _TIME(), nullable=True),
        sa.CheckConstraint("outcome IN ('justified', 'not_justified')", name="ck_outcome_known"),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["reviewed_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "uq_emergency_access_open",
        "emergency_access",
        ["session_id"],
        unique=True,
        sqlite_where=_NOT_ENDED,
        postgresql_where=_NOT_ENDED,
    )
    op.create_index(
        "ix_emergency_access_unreviewed",
        "emergency_access",
        ["opened_at"],
        sqlite_where=_NOT_REVIEWED,
        postgresql_where=_NOT_REVIEWED,
    )
    op.create_index("ix_emergency_access_person", "emergency_access", ["person_id", "case_id"])


def _roles(roles: tuple[str, ...]) -> None:
    known = "role IN (" + ", ".join(f"'{role}'" for role in roles) + ")"
    with op.batch_alter_table("person") as person:
        person.drop_constraint("ck_role_known", type_="check")
        person.create_check_constraint("ck_role_known", known)

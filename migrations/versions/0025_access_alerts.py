"""signs that somebody looked where they had no reason to"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
_ONCE = ["person_id", "sign", "looked_on"]
_TO_REVIEW = sa.text("reviewed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "access_alert",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("person_id", _TEXT(), nullable=False),
        sa.Column("sign", _TEXT(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("found_at", _INSTANT(), nullable=False),
        sa.Column("reviewed_at", _INSTANT(), nullable=True),
        sa.Column("reviewed_by", _TEXT(), nullable=True),
        sa.Column("outcome", _TEXT(), nullable=True),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "sign IN ('same name', 'not theirs', 'refused', 'searched', 'opened contacts', 'many', 'at night')",
            name="ck_sign_known",
        ),
        sa.CheckConstraint("outcome IN ('justified', 'not_justified')", name="ck_outcome_known"),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (outcome IS NULL)"
            " AND (reviewed_at IS NULL) = (sealed_words IS NULL)",
            name="ck_access_alert_reviewed",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.ForeignKeyConstraint(["reviewed_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_access_alert_case_id", "access_alert", ["case_id"])
    for name, columns, of in (
        ("uq_access_alert", _ONCE, "NULL"),
        ("uq_access_alert_of_case", [*_ONCE, "case_id"], "NOT NULL"),
    ):
        where = sa.text(f"case_id IS {of}")
        op.create_index(name, "access_alert", columns, unique=True, sqlite_where=where, postgresql_where=where)
    op.create_index(
        "ix_access_alert_to_review",
        "access_alert",
        ["found_at"],
        sqlite_where=_TO_REVIEW,
        postgresql_where=_TO_REVIEW,
    )

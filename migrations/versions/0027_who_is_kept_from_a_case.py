"""who is kept from a case: to whom it is restricted, and who is excluded from it"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_TIME = sqlmodel.sql.sqltypes.UTCDateTime
_IN_FORCE = sa.text("until_at IS NULL")


def _since_when() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("from_at", _TIME(), nullable=False),
        sa.Column("set_by", _TEXT(), nullable=False),
        sa.Column("until_at", _TIME(), nullable=True),
        sa.Column("lifted_by", _TEXT(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    ]


def upgrade() -> None:
    op.create_table(
        "case_restriction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        *_since_when(),
    )
    op.create_table(
        "case_listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", _TEXT(), nullable=False),
        sa.Column("listed_as", _TEXT(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("listed_as IN ('named', 'excluded')", name="ck_listed_as_known"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        *_since_when(),
    )
    op.create_index("ix_case_listing_person_id", "case_listing", ["person_id"])
    now = {"unique": True, "sqlite_where": _IN_FORCE, "postgresql_where": _IN_FORCE}
    op.create_index("uq_case_restriction_now", "case_restriction", ["case_id"], **now)
    op.create_index("uq_case_listing_now", "case_listing", ["case_id", "person_id", "listed_as"], **now)

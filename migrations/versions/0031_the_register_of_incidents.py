"""the register of incidents: what went wrong with personal data, what was decided, and which cases it touched"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("team_id", _TEXT(), nullable=True),
        sa.Column("found_at", _INSTANT(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", _TEXT(), nullable=False),
        sa.Column("recorded_at", _INSTANT(), nullable=False),
        sa.Column("decision", _TEXT(), nullable=True),
        sa.Column("sealed_decision", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by", _TEXT(), nullable=True),
        sa.Column("decided_at", _INSTANT(), nullable=True),
        sa.Column("closed_by", _TEXT(), nullable=True),
        sa.Column("closed_at", _INSTANT(), nullable=True),
        sa.CheckConstraint("decision IN ('told', 'not_needed')", name="ck_decision_known"),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decision IS NULL) AND (decided_at IS NULL) = (sealed_decision IS NULL)",
            name="ck_incident_decided",
        ),
        sa.CheckConstraint("closed_at IS NULL OR decided_at IS NOT NULL", name="ck_incident_decided_before_closed"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_incident_open", "incident", ["found_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_table(
        "incident_case",
        sa.Column("incident_id", _TEXT(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.PrimaryKeyConstraint("incident_id", "case_id"),
    )
    op.create_index("ix_incident_case_case_id", "incident_case", ["case_id"])

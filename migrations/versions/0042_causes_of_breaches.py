"""why duties were not kept in time: each cause that was given, and the breaches of which nobody has given one"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_UNCAUSED = sa.text("cause IS NULL AND overturned_by IS NULL AND owed_by = 'police'")


def upgrade() -> None:
    op.create_table(
        "breach_cause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("breach_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("cause", AutoString(), nullable=False),
        sa.Column("note_id", AutoString()),
        sa.Column("given_by", AutoString(), nullable=False),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["breach_id"], ["breach.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.ForeignKeyConstraint(["note_id"], ["case_note.id"]),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_breach_cause_breach_id", "breach_cause", ["breach_id"])
    op.create_index("ix_breach_cause_case_id", "breach_cause", ["case_id"])
    op.create_index("ix_breach_uncaused", "breach", ["found_at"], sqlite_where=_UNCAUSED, postgresql_where=_UNCAUSED)

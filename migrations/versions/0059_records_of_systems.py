"""records of the force's own systems, and what each became here"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "source_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("source_id", AutoString(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("waits_for", AutoString(), nullable=True),
        sa.Column("about", AutoString(), nullable=True),
        sa.Column("crime_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("person_id", AutoString(), nullable=True),
        sa.Column("event_key", AutoString(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state IN ('stored', 'waiting', 'disposed')", name="ck_state_known"),
        sa.ForeignKeyConstraint(["crime_id"], ["crime.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "kind", "source_id", name="uq_source_record"),
    )
    op.create_index(
        "ix_source_record_waiting",
        "source_record",
        ["source", "waits_for"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index("ix_source_record_about", "source_record", ["source", "about"])
    op.create_index("ix_source_record_crime_id", "source_record", ["crime_id"])
    op.create_index("ix_source_record_case_id", "source_record", ["case_id"])

"""what is known of a victim, corrected: what it was is kept, sealed and for ever"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "identity_correction",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("victim_id", sa.Integer(), nullable=False),
        sa.Column("event_key", _TEXT(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("contains_location", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", _TEXT(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["victim_id"], ["victim.id"]),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_key"),
    )
    op.create_index("ix_identity_correction_victim_id", "identity_correction", ["victim_id"])
    if op.get_bind().dialect.name == "sqlite":
        for operation in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER identity_correction_no_{operation.lower()} BEFORE {operation} ON identity_correction "
                "BEGIN SELECT RAISE(ABORT, 'identity_correction rows are kept for ever'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER identity_correction_kept BEFORE UPDATE OR DELETE ON identity_correction "
            "FOR EACH ROW EXECUTE FUNCTION keep_for_ever()"
        )

"""what is left of a record that was disposed of is a keyed hash of its id"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("source_record") as table:
        table.add_column(sa.Column("id_hash", AutoString(), nullable=True))

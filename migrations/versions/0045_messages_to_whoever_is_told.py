"""messages written to somebody who is told beside the victim"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was written before was written to the victim."""
    with op.batch_alter_table("message") as message:
        message.add_column(sa.Column("written_to", sa.Integer(), nullable=True))
        message.create_foreign_key("fk_message_written_to_person_to_tell", "person_to_tell", ["written_to"], ["id"])

"""what a provider tells of the notices that it took: accepted, delivered or not delivered"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_UNCONFIRMED = sa.text("delivery = 'accepted'")


def upgrade() -> None:
    """Of what was sent before nobody tells anything."""
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("delivery", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        outbox.add_column(sa.Column("delivery_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        outbox.create_check_constraint("ck_delivery_known", "delivery IN ('accepted', 'delivered', 'not_delivered')")
    op.create_index(
        "ix_outbox_unconfirmed",
        "outbox",
        ["sent_at"],
        sqlite_where=_UNCONFIRMED,
        postgresql_where=_UNCONFIRMED,
    )

"""forms kept over a sign-in that ended, when somebody last proved who they are, and accounts of an identity provider"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.add_column("sign_in_session", sa.Column("browser", _TEXT(), server_default="A browser", nullable=False))
    op.add_column("sign_in_session", sa.Column("proved_at", _INSTANT(), nullable=True))
    op.add_column("account", sa.Column("issuer", _TEXT(), nullable=True))
    op.add_column("account", sa.Column("subject", _TEXT(), nullable=True))
    op.create_index("uq_account_subject", "account", ["issuer", "subject"], unique=True)
    op.create_table(
        "kept_form",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("person_id", _TEXT(), nullable=False),
        sa.Column("path", _TEXT(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", _INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_kept_form_person_id", "kept_form", ["person_id"])

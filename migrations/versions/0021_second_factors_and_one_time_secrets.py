"""second factors of local accounts, and one-time secrets with which people set up how they sign in"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
_DEMONSTRATION = "EXISTS (SELECT 1 FROM setting WHERE name = 'demonstration' AND value = 'true')"


def upgrade() -> None:
    op.add_column("account", sa.Column("sealed_otp_key", sa.LargeBinary(), nullable=True))
    op.add_column("account", sa.Column("otp_step", sa.Integer(), nullable=True))
    op.add_column("account", sa.Column("password_alone", sa.Boolean(), server_default=sa.false(), nullable=False))
    # Accounts that are here already are those of a demonstration; any other asks for a second factor to be set up.
    op.execute(f"UPDATE account SET password_alone = ({_DEMONSTRATION})")  # noqa: S608
    op.create_table(
        "invitation",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("person_id", _TEXT(), nullable=True),
        sa.Column("sealed_otp_key", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", _TEXT(), nullable=False),
        sa.Column("made_at", _INSTANT(), nullable=False),
        sa.Column("expires_at", _INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_invitation_person_id", "invitation", ["person_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", _TEXT(), nullable=False),
        sa.Column("code_hash", _TEXT(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_recovery_code_person_id", "recovery_code", ["person_id"])

"""contacts of other agencies, who are asked for what their agency owes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_DUTY_STEP = ["case_id", "rule", "start_key", "step", "due_on", "agency"]
_RECIPIENTS = ("recipient_id", "team_id", "message_id", "referral_id", "agency")
_EXPECTED = sa.text("ended_on IS NULL AND counting = 'expected'")
_ONE = " + ".join(f"CASE WHEN {one} IS NULL THEN 0 ELSE 1 END" for one in _RECIPIENTS)


def upgrade() -> None:
    op.create_table(
        "agency_contact",
        sa.Column("agency", AutoString(), nullable=False),
        sa.Column("email", AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", AutoString(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("agency"),
    )
    op.create_index(
        "ix_due_expected_on", "due", ["due_on", "case_id"], sqlite_where=_EXPECTED, postgresql_where=_EXPECTED
    )
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("agency", AutoString()))
        outbox.drop_constraint("ck_outbox_one_recipient", type_="check")
        outbox.create_check_constraint("ck_outbox_one_recipient", f"{_ONE} = 1")
        outbox.create_unique_constraint("uq_outbox_agency", _DUTY_STEP)

"""the escalation ladder: as what somebody is told, a team's inbox and next supervisor, and digests"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_STEPS = {"due_tomorrow": "before_1", "due_today": "due", "overdue": "late_1"}
_WITHOUT_CASE, _TO_AN_INBOX = sa.text("case_id IS NULL"), sa.text("team_id IS NOT NULL")
_IN_A_DIGEST = sa.text("digest_id IS NOT NULL")
_BEFORE = ("recipient_id", "message_id", "referral_id")


def upgrade() -> None:
    op.add_column("team", sa.Column("next_supervisor_id", _TEXT(), nullable=True))
    op.add_column("team", sa.Column("inbox", _TEXT(), nullable=True))
    op.add_column("person", sa.Column("each_notice_alone", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_journey_event_recorded", "journey_event", ["recorded_at"])
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("case_id", existing_type=sa.Integer(), nullable=True)
        outbox.add_column(sa.Column("told_as", _TEXT(), nullable=True))
        outbox.add_column(sa.Column("team_id", _TEXT(), nullable=True))
        outbox.add_column(sa.Column("digest_id", sa.Integer(), nullable=True))
        outbox.create_foreign_key("fk_outbox_team_id_team", "team", ["team_id"], ["id"])
        outbox.create_foreign_key("fk_outbox_digest_id_outbox", "outbox", ["digest_id"], ["id"])
        outbox.create_unique_constraint(
            "uq_outbox_inbox", ["case_id", "rule", "start_key", "step", "due_on", "team_id"]
        )
        outbox.drop_constraint("ck_outbox_one_recipient", type_="check")
        outbox.create_check_constraint("ck_outbox_one_recipient", _one_of("recipient_id", "team_id", *_BEFORE[1:]))
    of_no_case = ["step", "start_key", "due_on", "recipient_id"]
    where = {"sqlite_where": _WITHOUT_CASE, "postgresql_where": _WITHOUT_CASE}
    op.create_index("uq_outbox_without_case", "outbox", of_no_case, unique=True, **where)
    where = {"sqlite_where": _TO_AN_INBOX, "postgresql_where": _TO_AN_INBOX}
    op.create_index("ix_outbox_inbox", "outbox", ["team_id"], **where)
    where = {"sqlite_where": _IN_A_DIGEST, "postgresql_where": _IN_A_DIGEST}
    op.create_index("ix_outbox_digest", "outbox", ["digest_id"], **where)
    _name_the_steps_anew()


def _one_of(*columns: str) -> str:
    return " + ".join(f"CASE WHEN {one} IS NULL THEN 0 ELSE 1 END" for one in columns) + " = 1"


def _name_the_steps_anew() -> None:
    """Each step is called by its age, and what was written says as what its reader is told."""
    holds = "(SELECT officer_id FROM victim_case WHERE victim_case.id = outbox.case_id)"
    told_as = f"CASE WHEN recipient_id = {holds} THEN 'officer' ELSE 'supervisor' END"
    for old, new in _STEPS.items():
        of_step = sa.text(f"UPDATE outbox SET step = :new, told_as = {told_as} WHERE step = :old")  # noqa: S608
        op.get_bind().execute(of_step, {"old": old, "new": new})

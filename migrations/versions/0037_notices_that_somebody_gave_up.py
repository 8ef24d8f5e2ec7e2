"""notices that failed and that somebody gave up"""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_BEFORE = ("waiting", "leased", "sent", "failed", "outcome_unknown", "cancelled")


def upgrade() -> None:
    _known(*_BEFORE, "abandoned")


def _known(*codes: str) -> None:
    listed = ", ".join(repr(code) for code in codes)
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint("ck_status_known", type_="check")
        outbox.create_check_constraint("ck_status_known", f"status IN ({listed})")

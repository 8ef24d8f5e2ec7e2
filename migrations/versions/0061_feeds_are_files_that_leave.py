"""what is written each night for the force's data team is a file that leaves"""

from __future__ import annotations

from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

_EXPORTS = "'compliance', 'referrals', 'support', 'packs', 'feedback', 'months', 'feeds'"


def upgrade() -> None:
    with op.batch_alter_table("export") as export:
        export.drop_constraint("ck_what_known", type_="check")
        export.create_check_constraint("ck_what_known", f"what IN ({_EXPORTS})")

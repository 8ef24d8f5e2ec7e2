"""the months of an agency are a file that can be taken"""

from __future__ import annotations

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

_EXPORTS = "'compliance', 'referrals', 'support', 'packs', 'feedback', 'months'"


def upgrade() -> None:
    with op.batch_alter_table("export") as export:
        export.drop_constraint("ck_what_known", type_="check")
        export.create_check_constraint("ck_what_known", f"what IN ({_EXPORTS})")

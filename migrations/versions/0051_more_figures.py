"""figures of victims, gaps and quality beside those of duties: a publication says which it holds; their file"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("publication", sa.Column("form", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("export") as export:
        export.drop_constraint("ck_what_known", type_="check")
        export.create_check_constraint("ck_what_known", "what IN ('compliance', 'referrals', 'support')")

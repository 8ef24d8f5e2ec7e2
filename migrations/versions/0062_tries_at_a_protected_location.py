"""tries at a protected location are a sign of their own"""

from __future__ import annotations

from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_BEFORE = "'same name', 'not theirs', 'refused', 'searched', 'opened contacts', 'many', 'at night'"


def upgrade() -> None:
    with op.batch_alter_table("access_alert") as alert:
        alert.drop_constraint("ck_sign_known", type_="check")
        alert.create_check_constraint("ck_sign_known", f"sign IN ({_BEFORE}, 'protected location')")

"""members of the board, who read what its secretariat asks for"""

from __future__ import annotations

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

_ROLES = ("officer", "supervisor", "board", "administrator", "directory_editor", "privacy_reviewer", "code_lead")
_ROLES += ("service_user", "witness_care", "board_member", "api_client", "system")


def upgrade() -> None:
    """Whoever is of the board already is of its secretariat, and may do what they could."""
    with op.batch_alter_table("person") as person:
        person.drop_constraint("ck_role_known", type_="check")
        person.create_check_constraint("ck_role_known", "role IN (" + ", ".join(f"'{one}'" for one in _ROLES) + ")")

"""witness care officers: the areas that they serve, and which cases are at court"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_ROLES = ("officer", "supervisor", "board", "administrator", "directory_editor", "privacy_reviewer", "code_lead")
_AT_COURT = sa.text("at_court")


def upgrade() -> None:
    """What was corrected twice `victimcare rebuild` sets right: it asks the journey."""
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("areas", AutoString(), server_default=sa.text("''"), nullable=False))
        person.drop_constraint("ck_role_known", type_="check")
        person.create_check_constraint("ck_role_known", _known((*_ROLES, "service_user", "witness_care", "system")))
    op.add_column("victim_case", sa.Column("at_court", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(
        "UPDATE victim_case SET at_court = TRUE WHERE id IN (SELECT e.case_id FROM journey_event AS e "
        "WHERE e.kind IN ('suspect_charged', 'hearing_listed') AND e.corrects IS NULL AND NOT EXISTS ("
        "SELECT 1 FROM journey_event AS c WHERE c.case_id = e.case_id AND c.corrects = e.key "
        "AND c.correction = 'never_happened'))"
    )
    op.create_index(
        "ix_victim_case_at_court", "victim_case", ["area"], sqlite_where=_AT_COURT, postgresql_where=_AT_COURT
    )


def _known(roles: tuple[str, ...]) -> str:
    return "role IN (" + ", ".join(f"'{role}'" for role in roles) + ")"

"""names as they are searched for, and the day on which a tier ends by itself"""

from __future__ import annotations

import json
from datetime import date
from unicodedata import combining, normalize

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_VICTIM = sa.table("victim", sa.column("id"), sa.column("name"), sa.column("searched_name"))
_CASE = sa.table("victim_case", sa.column("id"), sa.column("tier"), sa.column("tier_until_on", sa.Date()))
_PLAIN_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})


def upgrade() -> None:
    op.add_column("victim", sa.Column("searched_name", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("victim_case", sa.Column("tier_until_on", sa.Date(), nullable=True))
    _fill_names()
    _fill_ends()


def _fill_names() -> None:
    named = op.get_bind().execute(sa.select(_VICTIM.c.id, _VICTIM.c.name).where(_VICTIM.c.name.is_not(None))).all()
    rows = [{"of_id": row.id, "searched": _as_searched(row.name)} for row in named]
    if rows:
        one = _VICTIM.c.id == sa.bindparam("of_id")
        op.get_bind().execute(sa.update(_VICTIM).where(one).values(searched_name=sa.bindparam("searched")), rows)


def _as_searched(name: str) -> str:
    letters = normalize("NFKD", name.casefold())
    return "".join(c for c in letters if not combining(c) and c not in "'’‘`ʼ").translate(_PLAIN_LETTERS)


def _fill_ends() -> None:
    """From the last assessment; where that was corrected, the case's next event writes it."""
    assessed = op.get_bind().execute(
        sa.text("SELECT case_id, details FROM journey_event WHERE kind = 'needs_assessed' ORDER BY happened_on, id")
    )
    last = {row.case_id: json.loads(row.details or "{}") for row in assessed}
    for case_id, details in last.items():
        if isinstance(details, dict) and details.get("until_on"):
            same_tier = (_CASE.c.id == case_id) & (_CASE.c.tier == details.get("tier"))
            ends = sa.update(_CASE).where(same_tier).values(tier_until_on=date.fromisoformat(details["until_on"]))
            op.get_bind().execute(ends)

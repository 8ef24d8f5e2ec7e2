"""watches: since when nothing reached the victim, and since when a case stands still, and the days they are found by"""

from __future__ import annotations

import json
from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_SILENT, _STANDS = sa.text("silent_since_on IS NOT NULL"), sa.text("stands_since_on IS NOT NULL")
_NOT_TAKEN_OVER = sa.text(
    "until_at IS NULL AND from_officer_id IS NOT NULL AND (acknowledged_at IS NULL OR victim_told_at IS NULL)"
)
_SAFE = sa.text("safety = 'safe'")
_STAGES = {
    "report": "crime_reported crime_recorded",
    "investigation": "suspect_arrested suspect_interviewed suspect_bailed suspect_released_under_investigation "
    "suspect_released_without_charge bail_conditions_changed bail_cancelled",
    "decision": "decided_not_to_investigate investigation_closed_no_suspect out_of_court_disposal "
    "police_decided_no_prosecution cps_decided_no_charge suspect_charged cps_changed_charges",
    "court": "hearing_listed hearing_adjourned plea_received bail_result_received warrant_received "
    "rearrest_result_received required_to_give_evidence trial_started",
    "outcome": "court_outcome_received sentence_received",
    "after_the_outcome": "sentence_review_asked sentence_review_decided appeal_lodged appeal_news_received "
    "supreme_court_result_received vcs_referred vcs_first_contact release_information_received "
    "licence_conditions_asked licence_conditions_decided",
}
_OF_CASE = "SELECT 1 FROM journey_event AS e WHERE e.case_id = victim_case.id AND "


# ruff: noqa: S608 - all words in these statements are our own


def upgrade() -> None:
    """What was corrected, and who opted out and back in, `victimcare rebuild` sets right: it asks the journey."""
    op.add_column("victim_case", sa.Column("silent_since_on", sa.Date()))
    op.add_column("victim_case", sa.Column("stage", AutoString()))
    op.add_column("victim_case", sa.Column("stands_since_on", sa.Date()))
    op.execute(
        "UPDATE victim_case SET silent_since_on = coalesce(last_contact_on, opened_on) WHERE status = 'open' "
        f"AND NOT EXISTS ({_OF_CASE} e.kind = 'opted_out') AND (last_contact_on IS NOT NULL "
        f"OR NOT EXISTS ({_OF_CASE} NOT e.contacts_recorded))"
    )
    _place_at_stages()
    for name, table, columns, where in (
        ("ix_assignment_handed_over", "assignment", ["from_at"], _NOT_TAKEN_OVER),
        ("ix_contact_point_safe", "contact_point", ["confirmed_at"], _SAFE),
        ("ix_victim_case_silent", "victim_case", ["silent_since_on", "team_id", "officer_id"], _SILENT),
        ("ix_victim_case_stands", "victim_case", ["stage", "stands_since_on", "team_id", "officer_id"], _STANDS),
    ):
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_victim_born_on", "victim", ["born_on"])


def _place_at_stages() -> None:
    kinds = "', '".join(" ".join(_STAGES.values()).split())
    op.execute(
        "UPDATE victim_case SET stands_since_on = (SELECT max(e.happened_on) FROM journey_event AS e "
        f"WHERE e.case_id = victim_case.id AND e.kind IN ('{kinds}')) WHERE status = 'open'"
    )
    for stage, of_stage in _STAGES.items():
        listed = "', '".join(of_stage.split())
        op.execute(
            f"UPDATE victim_case SET stage = '{stage}' WHERE status = 'open' "
            f"AND EXISTS ({_OF_CASE} e.kind IN ('{listed}'))"
        )
    op.execute("UPDATE victim_case SET stands_since_on = NULL WHERE stage IS NULL")
    _wait_for_hearings()


def _wait_for_hearings() -> None:
    """Until a hearing that is listed nothing needs to happen."""
    events = sa.table("journey_event", sa.column("case_id"), sa.column("kind"), sa.column("details"))
    cases = sa.table("victim_case", sa.column("id"), sa.column("stands_since_on", sa.Date()))
    listed = sa.select(events.c.case_id, events.c.details).where(events.c.kind.like("hearing_%"))
    days: dict[int, date] = {}
    for case_id, details in op.get_bind().execute(listed):
        on = json.loads(details or "{}").get("hearing_on")
        if on:
            days[case_id] = max(date.fromisoformat(on), days.get(case_id, date.min))
    for case_id, on in days.items():
        later = sa.update(cases).where(cases.c.id == case_id, cases.c.stands_since_on < on)
        op.execute(later.values(stands_since_on=on))

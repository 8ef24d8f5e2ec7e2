"""how far each victim came on the way to support, kept with the case: the board counts it along an index"""

from __future__ import annotations

from collections.abc import Iterable

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_REACHED = (
    ("support_started", "started"),
    ("support_contacted", "contacted"),
    ("referral_accepted", "accepted"),
    ("referral_sent", "referred"),
)
_WITHOUT_CONTACTS = "kind = 'crime_reported' AND NOT contacts_recorded"
_ANSWERS = ("referral_consented", "referral_declined")
_CODES = ("no_evidence", "not_offered", "offered", "declined", "agreed", *(code for _, code in reversed(_REACHED)))


def _happened(*kinds: str) -> str:
    """The events of a case of these kinds that were not corrected away."""
    return (
        f"FROM journey_event AS e WHERE e.case_id = victim_case.id AND e.kind IN ({_listed(kinds)}) "  # noqa: S608
        "AND e.corrects IS NULL AND NOT EXISTS (SELECT 1 FROM journey_event AS c WHERE c.case_id = e.case_id "
        "AND c.corrects = e.key AND c.correction = 'never_happened')"
    )


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(repr(code) for code in codes)


def upgrade() -> None:
    """What was corrected twice, or recorded out of turn, `victimcare rebuild` sets right: it asks the journey."""
    op.execute(
        "ALTER TABLE victim_case ADD COLUMN support VARCHAR DEFAULT 'not_offered' NOT NULL "
        f"CONSTRAINT ck_support_known CHECK (support IN ({_listed(_CODES)}))"
    )
    reached = "".join(f" WHEN EXISTS (SELECT 1 {_happened(kind)}) THEN '{code}'" for kind, code in _REACHED)
    answer = f"(SELECT e.kind {_happened(*_ANSWERS)} ORDER BY e.happened_on DESC, e.id DESC LIMIT 1)"
    on_the_way = _listed(("referral_offered", *_ANSWERS, *(kind for kind, _ in _REACHED)))
    op.execute(
        "UPDATE victim_case SET support = CASE "  # noqa: S608
        f"WHEN EXISTS (SELECT 1 FROM journey_event AS e WHERE e.case_id = victim_case.id AND {_WITHOUT_CONTACTS}) "
        f"THEN 'no_evidence'{reached} "
        f"WHEN {answer} = 'referral_consented' THEN 'agreed' WHEN {answer} = 'referral_declined' THEN 'declined' "
        f"WHEN EXISTS (SELECT 1 {_happened('referral_offered')}) THEN 'offered' ELSE 'not_offered' END "
        f"WHERE id IN (SELECT case_id FROM journey_event WHERE {_WITHOUT_CONTACTS} OR kind IN ({on_the_way}))"
    )
    op.create_index("ix_victim_case_support", "victim_case", ["opened_on", "support", "status"])
    op.drop_index("ix_victim_case_opened", table_name="victim_case")
    op.drop_index("ix_journey_event_referral", table_name="journey_event")
    op.drop_index("ix_journey_event_no_contacts", table_name="journey_event")

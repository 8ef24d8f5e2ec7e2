"""What must leave the building."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

UNSETTLED = "status IN ('waiting', 'leased', 'failed', 'outcome_unknown')"

ONE_RECIPIENT = (
    "CASE WHEN recipient_id IS NULL THEN 0 ELSE 1 END + CASE WHEN message_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN referral_id IS NULL THEN 0 ELSE 1 END = 1"
)


class OutboxItem(SQLModel, table=True):
    """What must leave: written in the transaction that caused it, sent by a worker under a lease.

    Either a notice about a duty to somebody who works here (`recipient_id`), a message to the victim (`message_id`), or
    a referral to a service (`referral_id`).
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("case_id", "rule", "start_key", "step", "due_on", "recipient_id", name="uq_outbox_effect"),
        UniqueConstraint("message_id", name="uq_outbox_message"),
        UniqueConstraint("referral_id", name="uq_outbox_referral"),
        CheckConstraint(ONE_RECIPIENT, name="ck_outbox_one_recipient"),
        code_check("status", "waiting", "leased", "sent", "failed", "outcome_unknown", "cancelled"),
        Index(
            "ix_outbox_unsettled",
            "status",
            "next_try_at",
            sqlite_where=text(UNSETTLED),
            postgresql_where=text(UNSETTLED),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    rule: str
    start_key: str
    step: str
    due_on: date
    recipient_id: str | None = Field(default=None, foreign_key="person.id")
    message_id: str | None = Field(default=None, foreign_key="message.id")
    referral_id: str | None = Field(default=None, foreign_key="outgoing_referral.id")
    status: str = "waiting"
    created_at: datetime
    next_try_at: datetime
    lease_until: datetime | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    reference: str = Field(unique=True)
    error: str | None = None

"""What must leave the building."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

UNSETTLED = "status IN ('waiting', 'leased', 'failed', 'outcome_unknown')"

WITHOUT_CASE = "case_id IS NULL"
TO_AN_INBOX = "team_id IS NOT NULL"
IN_A_DIGEST = "digest_id IS NOT NULL"
UNCONFIRMED = "delivery = 'accepted'"
_RECIPIENTS = ("recipient_id", "team_id", "message_id", "referral_id", "agency")
ONE_RECIPIENT = " + ".join(f"CASE WHEN {one} IS NULL THEN 0 ELSE 1 END" for one in _RECIPIENTS)
ONE_RECIPIENT = f"{ONE_RECIPIENT} = 1"


class OutboxItem(SQLModel, table=True):
    """What must leave: written in the transaction that caused it, sent by a worker under a lease.

    Either a notice to somebody who works here (`recipient_id`) or to the inbox of a team in which nobody is left to
    hear it (`team_id`), or to the contact of another `agency` that owes news; a message to the victim (`message_id`),
    or a referral to a service (`referral_id`).

    A notice about a duty says as what people hear of its step (`told_as`), all of them, with a space between. One
    that is part of somebody's digest (`digest_id`, another row) leaves with it and not by itself, and so does one that
    was gathered by another of its step. A digest is of no case, and of the day `due_on`.

    `delivery` is what a provider tells of what it took, at `delivery_at`; None where nobody tells.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("case_id", "rule", "start_key", "step", "due_on", "recipient_id", name="uq_outbox_effect"),
        UniqueConstraint("case_id", "rule", "start_key", "step", "due_on", "team_id", name="uq_outbox_inbox"),
        UniqueConstraint("case_id", "rule", "start_key", "step", "due_on", "agency", name="uq_outbox_agency"),
        UniqueConstraint("message_id", name="uq_outbox_message"),
        UniqueConstraint("referral_id", name="uq_outbox_referral"),
        CheckConstraint(ONE_RECIPIENT, name="ck_outbox_one_recipient"),
        code_check("status", "waiting", "leased", "sent", "failed", "outcome_unknown", "cancelled", "abandoned"),
        Index(
            "uq_outbox_without_case",
            "step",
            "start_key",
            "due_on",
            "recipient_id",
            unique=True,
            sqlite_where=text(WITHOUT_CASE),
            postgresql_where=text(WITHOUT_CASE),
        ),
        Index("ix_outbox_inbox", "team_id", sqlite_where=text(TO_AN_INBOX), postgresql_where=text(TO_AN_INBOX)),
        code_check("delivery", "accepted", "delivered", "not_delivered"),
        Index("ix_outbox_unconfirmed", "sent_at", sqlite_where=text(UNCONFIRMED), postgresql_where=text(UNCONFIRMED)),
        Index("ix_outbox_digest", "digest_id", sqlite_where=text(IN_A_DIGEST), postgresql_where=text(IN_A_DIGEST)),
        Index(
            "ix_outbox_unsettled",
            "status",
            "next_try_at",
            sqlite_where=text(UNSETTLED),
            postgresql_where=text(UNSETTLED),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int | None = Field(default=None, foreign_key="victim_case.id", index=True)
    rule: str
    start_key: str
    step: str
    due_on: date
    told_as: str | None = None
    recipient_id: str | None = Field(default=None, foreign_key="person.id")
    team_id: str | None = Field(default=None, foreign_key="team.id")
    message_id: str | None = Field(default=None, foreign_key="message.id")
    referral_id: str | None = Field(default=None, foreign_key="outgoing_referral.id")
    agency: str | None = None
    digest_id: int | None = Field(default=None, foreign_key="outbox.id")
    status: str = "waiting"
    created_at: datetime
    next_try_at: datetime
    lease_until: datetime | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    delivery: str | None = None
    delivery_at: datetime | None = None
    reference: str = Field(unique=True)
    error: str | None = None


class AgencyContact(SQLModel, table=True):
    """Whom to ask at another agency what it owes: an e-mail address of the organisation, for each at most one."""

    __tablename__ = "agency_contact"

    agency: str = Field(primary_key=True)
    email: str
    version: int = 1
    changed_by: str = Field(foreign_key="person.id")
    changed_at: datetime

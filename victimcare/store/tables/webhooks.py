"""What the systems of agencies are told by themselves: where, of what, and each attempt to tell it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

TO_BE_TOLD = "status IN ('waiting', 'leased')"


class Webhook(SQLModel, table=True):
    """Where a system of an agency is told, and of which kinds (`kinds`, codes with commas between).

    It is signed with `sealed_secret`, and until `former_until` with `sealed_former` too. Nothing leaves unsigned.
    `status`: "on"; "off", as an administrator said; "failing" for long; "gone", as the system itself answered.
    `failing_since` is the first attempt that failed since one succeeded.
    """

    __tablename__ = "webhook"
    __table_args__ = (code_check("status", "on", "off", "failing", "gone"),)

    person_id: str = Field(primary_key=True, foreign_key="api_client.person_id")
    url: str
    kinds: str
    sealed_secret: bytes | None = None
    secret_made_at: datetime | None = None
    sealed_former: bytes | None = None
    former_until: datetime | None = None
    status: str = "on"
    status_at: datetime
    failing_since: datetime | None = None
    changed_by: str = Field(foreign_key="person.id")
    changed_at: datetime


class WebhookEvent(SQLModel, table=True):
    """Something to tell a system: written in the transaction that caused it, sent by a worker under a lease.

    `id` is what the receiver knows it by, however often it is sent. `subject` is the reference that the API has for the
    system, of a case or of a referral; a test has neither subject nor case. `next_try_at` is when it is tried again, or
    was over.
    """

    __tablename__ = "webhook_event"
    __table_args__ = (
        code_check("status", "waiting", "leased", "delivered", "failed", "cancelled", "held"),
        Index(
            "ix_webhook_event_to_be_told",
            "next_try_at",
            sqlite_where=text(TO_BE_TOLD),
            postgresql_where=text(TO_BE_TOLD),
        ),
        Index("ix_webhook_event_person_id_created_at", "person_id", "created_at"),
    )

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="webhook.person_id")
    kind: str
    subject: str | None = None
    case_id: int | None = Field(default=None, foreign_key="victim_case.id", index=True)
    created_at: datetime
    status: str = "waiting"
    next_try_at: datetime
    lease_until: datetime | None = None
    attempts: int = 0


class WebhookAttempt(SQLModel, table=True):
    """One attempt: what came of it as a code, the status of the answer, and how long it took. Nothing of any body."""

    __tablename__ = "webhook_attempt"

    id: int | None = Field(default=None, primary_key=True)
    event_id: str = Field(foreign_key="webhook_event.id", index=True)
    at: datetime
    outcome: str
    status: int | None = None
    milliseconds: int

"""Emergency access to cases, and what those who reviewed it found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

NOT_ENDED = "ended_at IS NULL"
NOT_REVIEWED = "outcome IS NULL"


class EmergencyAccess(SQLModel, table=True):
    """One case opened by somebody in one sign-in, until `until_at` or until it was ended; why, and the review.

    `session_id` is the hash of a sign-in that may be gone: with it the access has ended.
    """

    __tablename__ = "emergency_access"
    __table_args__ = (
        code_check("outcome", "justified", "not_justified"),
        Index(
            "uq_emergency_access_open",
            "session_id",
            unique=True,
            sqlite_where=text(NOT_ENDED),
            postgresql_where=text(NOT_ENDED),
        ),
        Index(
            "ix_emergency_access_unreviewed",
            "opened_at",
            sqlite_where=text(NOT_REVIEWED),
            postgresql_where=text(NOT_REVIEWED),
        ),
        Index("ix_emergency_access_person", "person_id", "case_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id")
    person_id: str = Field(foreign_key="person.id")
    session_id: str
    reason: str
    sealed_words: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    opened_at: datetime
    until_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None
    reviewed_by: str | None = Field(default=None, foreign_key="person.id")
    reviewed_at: datetime | None = None
    sealed_review: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    escalated_at: datetime | None = None

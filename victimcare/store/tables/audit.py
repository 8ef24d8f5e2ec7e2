"""Who saw and did what."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check


class Audit(SQLModel, table=True):
    """Who did what, when, to which cases: append-only (triggers forbid change). Holds no victim data.

    `basis` is "cover" where one of the cases was reached because its officer is away and the person stands in.
    """

    __table_args__ = (
        code_check(
            "operation",
            "collection",
            "alteration",
            "consultation",
            "disclosure",
            "combination",
            "erasure",
            "access",
        ),
    )

    seq: int | None = Field(default=None, primary_key=True)
    at: datetime
    operation: str
    what: str
    person_id: str
    role: str
    outcome: str = "done"
    case_count: int = 0
    cases_hash: str | None = None
    basis: str | None = None


class AuditSubject(SQLModel, table=True):
    """Which cases an audit row is about."""

    __tablename__ = "audit_subject"

    case_id: int = Field(primary_key=True)
    seq: int = Field(primary_key=True, foreign_key="audit.seq")

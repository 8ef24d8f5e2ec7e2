"""Who saw and did what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

IN_ONE_FILE = "export"
"""The recipient where all that is held left in one file: a row of no case by itself, and of all of them."""
EVERYTHING_LEFT = f"recipient = '{IN_ONE_FILE}'"


class Audit(SQLModel, table=True):
    """Who did what, when, to which cases: append-only (triggers forbid change). Holds no victim data.

    `basis` says why the cases were theirs to reach (`store/audit.py`), `sign_in` which sign-in of theirs it was,
    `recipient` to whom something left. `follows` and `hash` chain the rows (`domain/audit_chain.py`).
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
        Index("ix_audit_chain", "chain", "seq", unique=True),
        Index("ix_audit_person_id", "person_id", "seq"),
        Index(
            "ix_audit_everything_left",
            "seq",
            sqlite_where=text(EVERYTHING_LEFT),
            postgresql_where=text(EVERYTHING_LEFT),
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
    team_id: str | None = None
    sign_in: str | None = None
    request_id: str | None = None
    recipient: str | None = None
    chain: int
    follows: str
    hash: str


class AuditSubject(SQLModel, table=True):
    """Which cases an audit row is about."""

    __tablename__ = "audit_subject"

    case_id: int = Field(primary_key=True)
    seq: int = Field(primary_key=True, foreign_key="audit.seq")

"""What is proposed for disposal, what was decided, what must stay, and what was erased."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

STANDING_DISPOSAL = "state IN ('proposed', 'disposed', 'erasing')"
STANDING_HOLD = "lifted_at IS NULL"


class RetentionRun(SQLModel, table=True):
    """One look through all cases for what is due. Beyond `cap` nothing is proposed until two people have agreed.

    `counts` is JSON: by rule, how many cases were found.
    """

    __tablename__ = "retention_run"
    __table_args__ = (
        code_check("state", "proposed", "over_cap", "agreed", "replaced"),
        CheckConstraint("agreed_by IS NULL OR agreed_by <> first_agreed_by", name="ck_retention_run_two_people"),
        CheckConstraint(
            "state <> 'agreed' OR (agreed_by IS NOT NULL AND first_agreed_by IS NOT NULL)",
            name="ck_retention_run_agreed_by_two",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    cases: int
    found: int
    cap: int
    counts: str = Field(sa_column=Column(Text, nullable=False))
    state: str
    first_agreed_by: str | None = Field(default=None, foreign_key="person.id")
    first_agreed_at: datetime | None = None
    agreed_by: str | None = Field(default=None, foreign_key="person.id")
    agreed_at: datetime | None = None


class Disposal(SQLModel, table=True):
    """A case that a run found due, and what became of that. `erasing` is only ever seen inside one transaction.

    `sealed_reason` says why it was decided so; it goes with the case. `kept_until_on`: not proposed again before.
    """

    __table_args__ = (
        code_check("state", "proposed", "kept", "disposed", "undone", "lapsed", "erasing", "erased"),
        Index(
            "uq_disposal_standing",
            "case_id",
            unique=True,
            sqlite_where=text(STANDING_DISPOSAL),
            postgresql_where=text(STANDING_DISPOSAL),
        ),
        Index("ix_disposal_state", "state", "erase_from_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="retention_run.id")
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    rule: str
    trigger_on: date
    due_on: date
    state: str
    decided_by: str | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    sealed_reason: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    kept_until_on: date | None = None
    erase_from_on: date | None = None
    ended_by: str | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = None


class LegalHold(SQLModel, table=True):
    """From when until when a case must not be disposed of, whatever the rules say, and why."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        Index(
            "uq_legal_hold_now",
            "case_id",
            unique=True,
            sqlite_where=text(STANDING_HOLD),
            postgresql_where=text(STANDING_HOLD),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    sealed_reason: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    placed_by: str = Field(foreign_key="person.id")
    placed_at: datetime
    sealed_lifted_reason: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    lifted_by: str | None = Field(default=None, foreign_key="person.id")
    lifted_at: datetime | None = None


class ErasureCertificate(SQLModel, table=True):
    """That a case was erased, and nothing of what it held: append-only (triggers forbid change).

    `counts` is JSON: by table, how many rows were destroyed. From `backups_until_on` on no backup holds the case.
    """

    __tablename__ = "erasure_certificate"

    disposal_id: int = Field(primary_key=True, foreign_key="disposal.id")
    case_ref: str = Field(unique=True)
    team_id: str = Field(foreign_key="team.id")
    rule: str
    disposed_by: str = Field(foreign_key="person.id")
    disposed_at: datetime
    run_agreed_by: str | None = None
    erased_at: datetime
    backups_until_on: date
    counts: str = Field(sa_column=Column(Text, nullable=False))

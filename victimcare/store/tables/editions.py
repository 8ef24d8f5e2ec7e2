"""The editions of the Code that were proposed here, and the cases that still have to follow a change of the law."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check


class CodeEdition(SQLModel, table=True):
    """An edition as it was proposed: its text is never changed. Those in state `approved` are law, in their order.

    The editions that come with the program are not here. `edition` is the id that the text gives it.
    """

    __tablename__ = "code_edition"
    __table_args__ = (
        code_check("state", "proposed", "approved", "refused", "replaced", "withdrawn"),
        code_check("source", "file", "page"),
        CheckConstraint(
            "state NOT IN ('approved', 'refused', 'withdrawn') OR decided_at IS NOT NULL",
            name="ck_code_edition_decided",
        ),
        CheckConstraint("state <> 'withdrawn' OR withdrawn_at IS NOT NULL", name="ck_code_edition_withdrawn"),
    )

    id: int | None = Field(default=None, primary_key=True)
    edition: str
    in_force_from: date
    source: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    sha256: str
    proposed_by: str = Field(foreign_key="person.id")
    proposed_at: datetime
    state: str
    decided_by: str | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    withdrawn_by: str | None = Field(default=None, foreign_key="person.id")
    withdrawn_at: datetime | None = None
    cases: int | None = None
    """How many cases were to be looked at when it was approved, or last put back."""


class EditionMove(SQLModel, table=True):
    """A case whose deadlines still have to follow an edition that is law, or was put back; the row goes then."""

    __tablename__ = "edition_move"
    __table_args__ = (Index("ix_edition_move_case", "case_id"),)

    edition_id: int = Field(primary_key=True, foreign_key="code_edition.id")
    case_id: int = Field(primary_key=True, foreign_key="victim_case.id")

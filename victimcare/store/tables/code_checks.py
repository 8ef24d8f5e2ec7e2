"""What a Code lead found who compared the editions with the Code itself."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check


class CodeCheck(SQLModel, table=True):
    """One look at one entry of an edition: never changed, a later look is a row of its own.

    `entry_mark` stands for what the edition said then (`EditionEntry.mark`); `source` is what it was compared with on
    `looked_on`, `difference` what is different there.
    """

    __tablename__ = "code_check"
    __table_args__ = (
        code_check("finding", "agrees", "differs"),
        CheckConstraint("(finding = 'differs') = (difference IS NOT NULL)", name="ck_code_check_difference"),
        Index("ix_code_check_entry", "edition", "entry"),
    )

    id: int | None = Field(default=None, primary_key=True)
    edition: str
    entry: str
    entry_mark: str
    finding: str
    source: str
    looked_on: date
    difference: str | None = Field(default=None, sa_column=Column(Text))
    checked_by: str = Field(foreign_key="person.id")
    checked_at: datetime

"""That processes changed, as the board declared it."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class DeclaredChange(SQLModel, table=True):
    """From the month of `from_on` (its first day) an agency kept its duties by another process. Never changed.

    `reason` names nobody; `decided_by` is a code: the board, or an agency.
    """

    __tablename__ = "process_change"

    id: int | None = Field(default=None, primary_key=True)
    agency: str = Field(index=True)
    from_on: date
    reason: str
    decided_by: str
    decided_on: date
    recorded_by: str = Field(foreign_key="person.id")
    recorded_at: datetime


class WithdrawnChange(SQLModel, table=True):
    """That a declared change was none after all, with why: limits no longer begin anew for it. It stays declared."""

    __tablename__ = "process_change_withdrawn"

    change_id: int = Field(primary_key=True, foreign_key="process_change.id")
    reason: str
    recorded_by: str = Field(foreign_key="person.id")
    recorded_at: datetime

"""The bank holidays as data: every list that was ever proposed, and which of them is in force."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check


class HolidayListRow(SQLModel, table=True):
    """A list of bank holidays. Of those in state `approved` the last is in force, since `decided_at`.

    The first is the list that came with the program, in force from the beginning. A list is never changed.
    """

    __tablename__ = "holiday_list"
    __table_args__ = (
        code_check("state", "proposed", "approved", "refused", "replaced"),
        code_check("source", "program", "file", "page", "address"),
        CheckConstraint(
            "state NOT IN ('approved', 'refused') OR decided_at IS NOT NULL", name="ck_holiday_list_decided"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    known_until_on: date
    proposed_by: str = Field(foreign_key="person.id")
    proposed_at: datetime
    state: str
    decided_by: str | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    cases: int | None = None
    """How many cases were to be moved when it came into force."""


class Holiday(SQLModel, table=True):
    """A day of a list."""

    list_id: int = Field(primary_key=True, foreign_key="holiday_list.id")
    on_date: date = Field(primary_key=True)
    name: str = Field(sa_column=Column(Text, nullable=False))


class HolidayMove(SQLModel, table=True):
    """A case whose deadlines still have to follow a list that is in force; the row goes when they have."""

    __tablename__ = "holiday_move"
    __table_args__ = (Index("ix_holiday_move_case", "case_id"),)

    list_id: int = Field(primary_key=True, foreign_key="holiday_list.id")
    case_id: int = Field(primary_key=True, foreign_key="victim_case.id")

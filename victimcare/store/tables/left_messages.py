"""What victims said when their case officer was not there."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

UNANSWERED = "done_at IS NULL"
UNPLACED = "case_id IS NULL AND done_at IS NULL"


class LeftMessage(SQLModel, table=True):
    """A message for the case officer: of a case, or of a team whose supervisors look for the case.

    `sealed` has the words and what the caller said of themselves. `safe_to_ring`: whether they may be rung back on the
    number on file. Never deleted; `done_at` is when somebody answered it.
    """

    __tablename__ = "left_message"
    __table_args__ = (
        code_check("wants", "news", "tell", "afraid", "date", "support", "complain", "other"),
        CheckConstraint("case_id IS NOT NULL OR team_id IS NOT NULL", name="ck_left_message_for_somebody"),
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="ck_left_message_done_by"),
        Index(
            "ix_left_message_unanswered",
            "case_id",
            sqlite_where=text(UNANSWERED),
            postgresql_where=text(UNANSWERED),
        ),
        Index("ix_left_message_unplaced", "team_id", sqlite_where=text(UNPLACED), postgresql_where=text(UNPLACED)),
    )

    id: str = Field(primary_key=True)
    case_id: int | None = Field(default=None, foreign_key="victim_case.id", index=True)
    team_id: str | None = Field(default=None, foreign_key="team.id")
    taken_by: str = Field(foreign_key="person.id")
    taken_at: datetime
    wants: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    contains_location: bool = False
    safe_to_ring: bool
    reply_by_on: date
    placed_by: str | None = Field(default=None, foreign_key="person.id")
    placed_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str | None = Field(default=None, foreign_key="person.id")

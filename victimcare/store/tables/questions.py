"""What case officers ask their supervisor about a case, and what they are answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

TO_ANSWER = "answered_at IS NULL"
TO_READ = "answered_at IS NOT NULL AND read_at IS NULL"


class SupervisorQuestion(SQLModel, table=True):
    """A question about a case to the supervisor of its team; both its words and the answer's are sealed.

    `contains_location`: the question or the answer tells where the victim can be found. `read_at`: when whoever works
    on the case said that they had read the answer. Never deleted.
    """

    __tablename__ = "supervisor_question"
    __table_args__ = (
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (sealed_answer IS NULL)",
            name="ck_supervisor_question_answered",
        ),
        Index("ix_supervisor_question_open", "case_id", sqlite_where=text(TO_ANSWER), postgresql_where=text(TO_ANSWER)),
        Index("ix_supervisor_question_unread", "case_id", sqlite_where=text(TO_READ), postgresql_where=text(TO_READ)),
    )

    id: str = Field(primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    asked_by: str = Field(foreign_key="person.id")
    asked_at: datetime
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed_answer: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    contains_location: bool
    answered_by: str | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = None
    read_at: datetime | None = None

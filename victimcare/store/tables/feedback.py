"""Asking victims how it was for them, and what they answered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from victimcare.domain.feedback import FeedbackAnswer
from victimcare.store.tables.checks import code_check

TO_HEAR_FROM = "ended_at IS NULL"
WORDS_TO_READ = "sealed_words IS NOT NULL AND read_at IS NULL"


class FeedbackRequest(SQLModel, table=True):
    """That a victim was asked, or is about to be. `number` is what they say when they answer, and names nobody.

    `asked_on` is the London date on which it left or they were rung, None before. `team_id` and `area` are those of the
    day on which it was written, and stay. `ended_as`: they answered, they do not want to be asked, or it was taken back
    and they were not asked. `sealed_words` are their own words, for a supervisor to read.
    """

    __tablename__ = "feedback_request"
    __table_args__ = (
        code_check("channel", "letter", "email", "text", "phone"),
        code_check("ended_as", "answered", "declined", "taken_back"),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ck_feedback_ended_as"),
        CheckConstraint("(read_at IS NULL) = (read_by IS NULL)", name="ck_feedback_read_by"),
        Index("ix_feedback_asked", "asked_on"),
        Index("ix_feedback_to_hear", "team_id", sqlite_where=text(TO_HEAR_FROM), postgresql_where=text(TO_HEAR_FROM)),
        Index("ix_feedback_to_read", "team_id", sqlite_where=text(WORDS_TO_READ), postgresql_where=text(WORDS_TO_READ)),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    number: str = Field(unique=True)
    point: str
    channel: str
    message_id: str | None = Field(default=None, foreign_key="message.id", index=True)
    team_id: str = Field(foreign_key="team.id")
    area: str
    written_by: str = Field(foreign_key="person.id")
    written_at: datetime
    asked_on: date | None = None
    ended_at: datetime | None = None
    ended_as: str | None = None
    ended_by: str | None = Field(default=None, foreign_key="person.id")
    sealed_words: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    contains_location: bool = False
    read_at: datetime | None = None
    read_by: str | None = Field(default=None, foreign_key="person.id")


class FeedbackGiven(SQLModel, table=True):
    """One answer to one question. Never changed. `question` is a code of `editions/feedback.toml`."""

    __tablename__ = "feedback_answer"
    __table_args__ = (code_check("answer", *FeedbackAnswer),)

    request_id: int = Field(foreign_key="feedback_request.id", primary_key=True)
    question: str = Field(primary_key=True)
    answer: str


class FeedbackTheme(SQLModel, table=True):
    """What the words of a victim are about, as the supervisor said who read them. Never changed."""

    __tablename__ = "feedback_theme"

    request_id: int = Field(foreign_key="feedback_request.id", primary_key=True)
    theme: str = Field(primary_key=True)


class FeedbackOptOut(SQLModel, table=True):
    """That a victim does not want to be asked, from when on, and until when."""

    __tablename__ = "feedback_opt_out"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    from_at: datetime
    recorded_by: str = Field(foreign_key="person.id")
    until_at: datetime | None = None

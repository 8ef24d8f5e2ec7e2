"""What supervisors answered about the quality of cases that were drawn to be looked at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from victimcare.domain.dip_sample import Answer
from victimcare.store.tables.checks import code_check


class QualityAnswer(SQLModel, table=True):
    """One answer to one question about one case, as drawn of an officer and a month ("2026-05"). Never changed.

    `question` is the code of a question of `editions/quality_questions.toml`.
    """

    __tablename__ = "quality_answer"
    __table_args__ = (
        code_check("answer", *Answer),
        Index("uq_quality_answer", "case_id", "month", "officer_id", "question", unique=True),
        Index("ix_quality_answer_team", "team_id", "month"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id")
    team_id: str = Field(foreign_key="team.id")
    officer_id: str = Field(foreign_key="person.id")
    month: str
    question: str
    answer: str
    answered_by: str = Field(foreign_key="person.id")
    answered_at: datetime

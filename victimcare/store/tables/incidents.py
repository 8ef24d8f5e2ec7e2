"""What went wrong with personal data: the register of incidents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

OPEN_INCIDENT = "closed_at IS NULL"


class Incident(SQLModel, table=True):
    """A breach of personal data: when it was found, what happened (sealed), what was decided, and who closed it.

    Never deleted. `decision` says whether the Information Commissioner was told.
    """

    __table_args__ = (
        code_check("decision", "told", "not_needed"),
        CheckConstraint(
            "(decided_at IS NULL) = (decision IS NULL) AND (decided_at IS NULL) = (sealed_decision IS NULL)",
            name="ck_incident_decided",
        ),
        CheckConstraint("closed_at IS NULL OR decided_at IS NOT NULL", name="ck_incident_decided_before_closed"),
        Index("ix_incident_open", "found_at", sqlite_where=text(OPEN_INCIDENT), postgresql_where=text(OPEN_INCIDENT)),
    )

    id: str = Field(primary_key=True)
    team_id: str | None = Field(default=None, foreign_key="team.id")
    found_at: datetime
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    recorded_by: str = Field(foreign_key="person.id")
    recorded_at: datetime
    decision: str | None = None
    sealed_decision: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    decided_by: str | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    closed_by: str | None = Field(default=None, foreign_key="person.id")
    closed_at: datetime | None = None


class IncidentCase(SQLModel, table=True):
    """A case that an incident touched."""

    __tablename__ = "incident_case"

    incident_id: str = Field(primary_key=True, foreign_key="incident.id")
    case_id: int = Field(primary_key=True, foreign_key="victim_case.id", index=True)

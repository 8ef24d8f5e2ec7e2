"""What happened: the events from which everything else is derived."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text, false, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

VOID_REQUESTED = "kind = 'case_void_requested'"
BY_AN_AGENCY = "source = 'agency'"
"""It was recorded by the system of another agency."""
NO_SERVICE_FITS = "kind = 'no_service_fits'"


class JourneyEventRow(SQLModel, table=True):
    """One event of a journey: append-only (triggers forbid change). `details` and `duties` are JSON.

    `as_history`: it happened to the crime before the victim of this case was recorded.
    """

    __tablename__ = "journey_event"
    __table_args__ = (
        code_check("precision", "instant", "day", "month"),
        CheckConstraint(
            "correction IS NULL OR corrects IS NOT NULL AND correction IN ('amends', 'changes_news', 'never_happened')",
            name="ck_correction_known",
        ),
        Index("ix_journey_event_case", "case_id", "id"),
        Index("ix_journey_event_recorded", "recorded_at"),
        Index(
            "ix_journey_event_crime_event",
            "crime_event_key",
            sqlite_where=text("crime_event_key IS NOT NULL"),
            postgresql_where=text("crime_event_key IS NOT NULL"),
        ),
        Index(
            "ix_journey_event_void_requested",
            "case_id",
            sqlite_where=text(VOID_REQUESTED),
            postgresql_where=text(VOID_REQUESTED),
        ),
        Index(
            "ix_journey_event_no_service",
            "case_id",
            sqlite_where=text(NO_SERVICE_FITS),
            postgresql_where=text(NO_SERVICE_FITS),
        ),
        Index(
            "ix_journey_event_by_agency",
            "recorded_by",
            "case_id",
            sqlite_where=text(BY_AN_AGENCY),
            postgresql_where=text(BY_AN_AGENCY),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    case_id: int = Field(foreign_key="victim_case.id")
    kind: str
    happened_on: date
    happened_at: datetime | None = None
    precision: str
    received_on: date | None = None
    received_at: datetime | None = None
    recorded_at: datetime
    recorded_by: str = Field(foreign_key="person.id")
    subject: str | None = None
    details: str | None = Field(default=None, sa_column=Column(Text))
    duties: str | None = Field(default=None, sa_column=Column(Text))
    corrects: str | None = None
    correction: str | None = None
    crime_event_key: str | None = None
    source: str = "recorded"
    contacts_recorded: bool = True
    as_history: bool = Field(default=False, sa_column_kwargs={"server_default": false()})

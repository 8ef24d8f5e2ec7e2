"""What is owed, and what was owed and not kept."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

OPEN_AND_COUNTED = "ended_on IS NULL AND counting = 'counted'"
OPEN_AND_EXPECTED = "ended_on IS NULL AND counting = 'expected'"
OWED_BY_OTHERS = "ended_on IS NULL AND owed_by <> 'police'"
"""What another agency owes, and has not done."""
ASKED = "asked IS NOT NULL"
UNDECIDED = "otherwise_on IS NOT NULL"


UNCAUSED = "cause IS NULL AND overturned_by IS NULL AND owed_by = 'police'"
"""A condition on `breach`: it stands, it is our own, and nobody has said why."""


class Due(SQLModel, table=True):
    """The projection of `assess`: one row per entitlement, deleted and derived again at will.

    `officer_id` and `team_id` held the case on the due day; `holder_id` and `holder_team_id` hold it now. `tier` is
    the one whose limit decided. `reported_month` ("2026-05") is that of `reported_on`, `outcome` is what the duty
    comes to in the board's figures, `asked` the request for a good reason on which nobody has decided, `otherwise_on`
    the day by the bank holidays in force where it keeps an earlier one until somebody decides. Dates and codes only:
    how a duty stands depends on the day asked.
    """

    __table_args__ = (
        Index(
            "ix_due_holder",
            "holder_id",
            "due_on",
            "owed_by",
            "tier",
            "rule",
            "ended_on",
            "counting",  # all that says what a duty weighs is in the index: `store/workload.py`
            sqlite_where=text(OPEN_AND_COUNTED),
            postgresql_where=text(OPEN_AND_COUNTED),
        ),
        Index(
            "ix_due_holder_team",
            "holder_team_id",
            "due_on",
            sqlite_where=text(OPEN_AND_COUNTED),
            postgresql_where=text(OPEN_AND_COUNTED),
        ),
        Index(
            "ix_due_open",
            "due_on",
            "case_id",
            sqlite_where=text(OPEN_AND_COUNTED),
            postgresql_where=text(OPEN_AND_COUNTED),
        ),
        Index("ix_due_asked", "holder_team_id", sqlite_where=text(ASKED), postgresql_where=text(ASKED)),
        Index(
            "ix_due_expected",
            "holder_id",
            "due_on",
            sqlite_where=text(OPEN_AND_EXPECTED),
            postgresql_where=text(OPEN_AND_EXPECTED),
        ),
        Index("ix_due_undecided", "holder_team_id", sqlite_where=text(UNDECIDED), postgresql_where=text(UNDECIDED)),
        Index(
            "ix_due_expected_on",
            "due_on",
            "case_id",
            sqlite_where=text(OPEN_AND_EXPECTED),
            postgresql_where=text(OPEN_AND_EXPECTED),
        ),
        Index(
            "ix_due_owed_by_others",
            "owed_by",
            "case_id",
            sqlite_where=text(OWED_BY_OTHERS),
            postgresql_where=text(OWED_BY_OTHERS),
        ),
        # In the order in which the board groups: a year of a force is counted by reading along it, with no sort.
        Index("ix_due_reported", "policy", "reported_month", "owed_by", "right_number", "edition", "outcome"),
    )

    case_id: int = Field(primary_key=True, foreign_key="victim_case.id")
    rule: str = Field(primary_key=True)
    start_key: str = Field(primary_key=True)
    edition: str
    right_number: int
    owed_by: str
    owed_to: str
    policy: bool = False
    tier: str
    area: str
    crime_type: str
    counting: str
    started_on: date | None = None
    due_on: date | None = None
    reported_on: date
    reported_month: str
    outcome: str
    known_on: date
    provisional: bool = False
    ending: str | None = None
    ended_on: date | None = None
    ended_by: str | None = None
    officer_id: str
    team_id: str
    holder_id: str
    holder_team_id: str
    asked: str | None = None
    otherwise_on: date | None = None


class Breach(SQLModel, table=True):
    """Written once for each duty past its day, with who held it then; never deleted, overturned only by an event."""

    __table_args__ = (
        UniqueConstraint("case_id", "rule", "start_key", name="uq_breach_duty"),
        Index("ix_breach_found", "found_at"),
        Index("ix_breach_uncaused", "found_at", sqlite_where=text(UNCAUSED), postgresql_where=text(UNCAUSED)),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id")
    rule: str
    start_key: str
    right_number: int
    owed_by: str
    due_on: date
    found_at: datetime
    officer_id: str
    team_id: str = Field(index=True)
    supervisor_id: str | None = None
    cause: str | None = None
    overturned_by: str | None = None
    overturned_at: datetime | None = None


class BreachCause(SQLModel, table=True):
    """A cause that was given of a breach: the last one holds, and stands with the breach. `note_id`: what was said."""

    __tablename__ = "breach_cause"

    id: int | None = Field(default=None, primary_key=True)
    breach_id: int = Field(foreign_key="breach.id", index=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    cause: str
    note_id: str | None = Field(default=None, foreign_key="case_note.id")
    given_by: str = Field(foreign_key="person.id")
    given_at: datetime

"""Crimes, victims, and their cases with every case officer in turn."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, LargeBinary, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from victimcare.domain.support_reached import SupportReached
from victimcare.store.tables.checks import code_check

HELD = "held"
AT_COURT = "at_court"
TRIED = "attempts > 0"
SILENT = "silent_since_on IS NOT NULL"
STANDS = "stands_since_on IS NOT NULL"


class Crime(SQLModel, table=True):
    """A recorded crime. `fingerprint` is the hash of the source row that was kept."""

    __table_args__ = (
        UniqueConstraint("source", "source_ref", name="uq_crime_source"),
        Index("ix_crime_source_ref", "source_ref"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    source_ref: str
    crime_type: str
    area: str
    fingerprint: str | None = None


class Victim(SQLModel, table=True):
    """A victim. Open data has no names: `name` is None there. `searched_name` is the name as it is searched for."""

    id: int | None = Field(default=None, primary_key=True)
    name: str | None = Field(default=None, index=True)
    searched_name: str | None = Field(default=None, index=True)
    born_on: date | None = Field(default=None, index=True)
    basis: str = "direct"
    language: str = "en"


class VictimNameKey(SQLModel, table=True):
    """What a name is found by, nearly spelled too: keyed hashes, that tell nothing of it (domain/name_search.py).

    `name_no` is 0 for the name known now, and counts up from 1 for those that were corrected.
    """

    __tablename__ = "victim_name_key"

    key: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    victim_id: int = Field(primary_key=True, foreign_key="victim.id", index=True)
    name_no: int = Field(primary_key=True)


class CaseRow(SQLModel, table=True):
    """One victim's journey through one crime. Never without a case officer.

    `tier` is held until `tier_until_on` (an eighteenth birthday; None: for good), the default tier from that day on.
    `attempts` to reach the victim have failed since the last contact, which promised the next by `promised_contact_on`.
    `support` is how far the victim came on the way to support; `at_court`: somebody was charged, or a hearing listed.
    `silent_since_on`: nothing has reached the victim since, of an open case in which silence says something.
    `stage` is the furthest that an open case has reached, and nothing has happened at any since `stands_since_on`.
    From `disposed_on` on there is no such case for anybody, until the disposal is undone.
    """

    __tablename__ = "victim_case"
    __table_args__ = (
        code_check("status", "open", "closed", "void"),
        code_check("support", *SupportReached),
        Index("ix_victim_case_at_court", "area", sqlite_where=text(AT_COURT), postgresql_where=text(AT_COURT)),
        # Whose they are stands in the index too, so that a team's page reads what is late and no case.
        Index(
            "ix_victim_case_silent",
            "silent_since_on",
            "team_id",
            "officer_id",
            sqlite_where=text(SILENT),
            postgresql_where=text(SILENT),
        ),
        # Whose they are is not in this one: SQLite would read it, along the whole force, for the page of one officer.
        Index(
            "ix_victim_case_stands",
            "stage",
            "stands_since_on",
            sqlite_where=text(STANDS),
            postgresql_where=text(STANDS),
        ),
        *(
            Index(
                f"ix_victim_case_stands_{whose}",
                f"{whose}_id",
                "stage",
                "stands_since_on",
                sqlite_where=text(STANDS),
                postgresql_where=text(STANDS),
            )
            for whose in ("team", "officer")
        ),
        Index("ix_victim_case_officer", "officer_id", "status", "id"),
        Index("ix_victim_case_team", "team_id", "status", "officer_id"),
        # In the order in which the board groups: victims are counted by reading along it, with no sort.
        Index("ix_victim_case_support", "opened_on", "support", "status"),
        # All that the condition asks for, so that the held cases are counted without reading them.
        Index(
            "ix_victim_case_held",
            "team_id",
            "status",
            "opened_on",
            "officer_id",
            "held",
            sqlite_where=text(HELD),
            postgresql_where=text(HELD),
        ),
        Index("ix_victim_case_tried", "team_id", "attempts", sqlite_where=text(TRIED), postgresql_where=text(TRIED)),
    )

    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    crime_id: int = Field(foreign_key="crime.id", index=True)
    victim_id: int = Field(foreign_key="victim.id", index=True)
    officer_id: str = Field(foreign_key="person.id")
    team_id: str = Field(foreign_key="team.id")
    area: str
    crime_type: str
    tier: str
    tier_until_on: date | None = None
    opened_on: date
    last_contact_on: date | None = None
    promised_contact_on: date | None = None
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    silent_since_on: date | None = None
    stage: str | None = None
    stands_since_on: date | None = None
    held: bool = False
    status: str = "open"
    support: str = Field(
        default=SupportReached.NOT_OFFERED.value, sa_column_kwargs={"server_default": SupportReached.NOT_OFFERED.value}
    )
    at_court: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    disposed_on: date | None = None
    version: int = 1


NOT_TAKEN_OVER = (
    "until_at IS NULL AND from_officer_id IS NOT NULL AND (acknowledged_at IS NULL OR victim_told_at IS NULL)"
)


class Assignment(SQLModel, table=True):
    """Who held a case from `from_at` until `until_at` (half-open); None: still.

    `why` is the sentence of the allocation; what a supervisor says is in `sealed_why`. Of a case that was handed over:
    from whom, when the new officer acknowledged it, and when they noted that the
    victim was told who their officer is.
    """

    __table_args__ = (
        Index(
            "ix_assignment_handed_over",
            "from_at",
            sqlite_where=text(NOT_TAKEN_OVER),
            postgresql_where=text(NOT_TAKEN_OVER),
        ),
        Index(
            "ix_assignment_not_taken_over",
            "officer_id",
            sqlite_where=text(NOT_TAKEN_OVER),
            postgresql_where=text(NOT_TAKEN_OVER),
        ),
        Index(
            "ix_assignment_not_taken_over_in_team",
            "team_id",
            sqlite_where=text(NOT_TAKEN_OVER),
            postgresql_where=text(NOT_TAKEN_OVER),
        ),
        Index(
            "uq_assignment_current",
            "case_id",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
        CheckConstraint("until_at IS NULL OR until_at >= from_at", name="ck_assignment_period"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    officer_id: str = Field(foreign_key="person.id", index=True)
    team_id: str = Field(foreign_key="team.id")
    from_at: datetime
    until_at: datetime | None = None
    why: str = ""
    sealed_why: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    from_officer_id: str | None = None
    acknowledged_at: datetime | None = None
    victim_told_at: datetime | None = None


class UnmatchedOutcome(SQLModel, table=True):
    """An outcome of a crime that is not in the database yet; joined if the crime arrives."""

    __tablename__ = "unmatched_outcome"

    key: str = Field(primary_key=True)
    source: str
    source_ref: str = Field(index=True)
    happened_on: date
    outcome: str

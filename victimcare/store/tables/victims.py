"""What is known of a victim beside the journey: who is told, their needs and choices, and the same person's cases.

Words and names are here, sealed (`store/sealed_words.py`), and never in events; what starts or moves a clock is an
event, whose key the row has.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check


class PersonToTell(SQLModel, table=True):
    """Somebody who is told of a case, and what: `tells` is a comma-separated list of codes.

    A suspect is told nothing, which is kept so that nobody adds them again. From `until_on` on nobody tells them.
    """

    __tablename__ = "person_to_tell"
    __table_args__ = (CheckConstraint("NOT is_suspect OR tells = ''", name="ck_person_to_tell_no_suspect"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    sealed_name: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    told_as: str
    tells: str
    is_suspect: bool = False
    from_on: date
    until_on: date | None = None
    why_ended: str | None = None
    recorded_by: str = Field(foreign_key="person.id")
    recorded_at: datetime


class NeedsAssessment(SQLModel, table=True):
    """One assessment of a victim's needs, by one agency at one stage; never changed, followed by later ones.

    Lists are comma-separated codes. `event_key` is the `needs_assessed` event that carries the tier which followed.
    `sealed_supporter` names who may support them.
    """

    __tablename__ = "needs_assessment"
    __table_args__ = (code_check("agency", "police", "witness_care_unit"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    event_key: str = Field(unique=True)
    agency: str
    stage: str
    assessed_on: date
    language: str
    interpreter: str
    communication: str = ""
    disability: str = ""
    criteria: str = ""
    measures: str = ""
    sealed_supporter: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    tier_found: str
    ground_found: str | None = None
    recorded_by: str = Field(foreign_key="person.id")
    recorded_at: datetime


class ContactChoice(SQLModel, table=True):
    """How a victim chose to hear from `from_on` until the next choice; lists are comma-separated codes."""

    __tablename__ = "contact_choice"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    from_on: date
    how_often: str
    interval_days: int | None = None
    means: str
    times: str
    recorded_by: str = Field(foreign_key="person.id")
    recorded_at: datetime


class EqualityAnswer(SQLModel, table=True):
    """What a victim answered when asked of one characteristic; no row: not asked yet. The words are their own."""

    __tablename__ = "equality_answer"
    __table_args__ = (
        UniqueConstraint("victim_id", "characteristic", name="uq_equality_answer"),
        code_check("answer", "recorded", "prefers_not_to_say"),
    )

    id: int | None = Field(default=None, primary_key=True)
    victim_id: int = Field(foreign_key="victim.id")
    characteristic: str
    answer: str
    category: str | None = None
    sealed_words: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    recorded_by: str = Field(foreign_key="person.id")
    recorded_at: datetime


class IdentityCorrection(SQLModel, table=True):
    """What was known of a victim before a correction and after it, with a note, sealed: append-only (triggers).

    `event_key` is the `victim_corrected` event, which says when, why, and which of the victim's details.
    `contains_location`: the note tells, or may tell, where the victim can be found.
    """

    __tablename__ = "identity_correction"

    id: str = Field(primary_key=True)
    victim_id: int = Field(foreign_key="victim.id", index=True)
    event_key: str = Field(unique=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    contains_location: bool
    recorded_by: str = Field(foreign_key="person.id")
    recorded_at: datetime


UNCONFIRMED_LINK = "confirmed_at IS NULL AND undone_at IS NULL"


class CaseLink(SQLModel, table=True):
    """Two cases said to be of the same person: proposed by one, confirmed by a second, and taken back by either.

    Nothing of either case is moved or changed by it. `undone_at` ends it; a further link is a further row.
    """

    __tablename__ = "case_link"
    __table_args__ = (
        CheckConstraint("case_id < other_id", name="ck_case_link_ordered"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="ck_case_link_two_people"),
        Index(
            "uq_case_link_standing",
            "case_id",
            "other_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_case_link_other", "other_id"),
        Index(
            "ix_case_link_unconfirmed",
            "proposed_at",
            sqlite_where=text(UNCONFIRMED_LINK),
            postgresql_where=text(UNCONFIRMED_LINK),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id")
    other_id: int = Field(foreign_key="victim_case.id")
    reason: str
    confidence: str
    proposed_by: str = Field(foreign_key="person.id")
    proposed_at: datetime
    confirmed_by: str | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = None
    undone_by: str | None = Field(default=None, foreign_key="person.id")
    undone_at: datetime | None = None
    why_undone: str | None = None

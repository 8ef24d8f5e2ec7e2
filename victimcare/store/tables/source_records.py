"""What a force's own systems said, record by record, and what each became here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

WAITING_RECORD = "state = 'waiting'"


class SourceRecord(SQLModel, table=True):
    """The newest version that came of one record of a system, and what it became.

    `content_hash` is keyed, and of what the record said; `sealed` is that itself, to compare with when it changes. One
    that waits hangs on something that has not come: `waits_for`; it came last at `came_at`. `about` is the suspect
    whom an event is about. `event_key` is the event that it became, or what all copies share of something that
    happened to the crime. Of a case that was disposed of there is `id_hash`, a keyed hash of its id, so that it does
    not come back.
    """

    __tablename__ = "source_record"
    __table_args__ = (
        code_check("state", "stored", "waiting", "disposed"),
        UniqueConstraint("source", "kind", "source_id", name="uq_source_record"),
        Index(
            "ix_source_record_waiting",
            "source",
            "waits_for",
            sqlite_where=text(WAITING_RECORD),
            postgresql_where=text(WAITING_RECORD),
        ),
        Index("ix_source_record_about", "source", "about"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    kind: str
    source_id: str
    version: int = Field(sa_column=Column(BigInteger, nullable=False))
    id_hash: str | None = None
    content_hash: str
    state: str
    waits_for: str | None = None
    came_at: datetime | None = None
    about: str | None = None
    crime_id: int | None = Field(default=None, foreign_key="crime.id", index=True)
    case_id: int | None = Field(default=None, foreign_key="victim_case.id", index=True)
    person_id: str | None = Field(default=None, foreign_key="person.id")
    event_key: str | None = None
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))

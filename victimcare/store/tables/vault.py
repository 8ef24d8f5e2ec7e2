"""Where a victim can be reached: apart from the case, and sealed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

SAID_SAFE = "safety = 'safe'"
STILL_PROTECTED = "lifted_at IS NULL"


class ContactPoint(SQLModel, table=True):
    """Where a victim can be reached: sealed (AES-GCM), and never used unless confirmed safe.

    `sealed_words` has what is to be said and when, sealed too. With a label in `suspect` it is that suspect's: kept so
    that it can be compared, never to be used. `version` counts its writes.
    """

    __tablename__ = "contact_point"
    __table_args__ = (
        code_check("safety", "safe", "unsafe", "not_confirmed", "do_not_use"),
        Index("ix_contact_point_safe", "confirmed_at", sqlite_where=text(SAID_SAFE), postgresql_where=text(SAID_SAFE)),
    )

    id: str = Field(primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    kind: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    safety: str = "not_confirmed"
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    sealed_words: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    voicemail: bool | None = None
    say_who: bool | None = None
    preview_safe: bool | None = None
    answered_by_another_at: datetime | None = None
    superseded_by: str | None = None
    suspect: str | None = None
    added_at: datetime | None = None
    added_by: str | None = None
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class ContactHash(SQLModel, table=True):
    """Keyed hashes by which points are compared and looked for without being opened: of the whole, of address lines."""

    __tablename__ = "contact_hash"
    __table_args__ = (
        code_check("part", "whole", "line"),
        Index("ix_contact_hash_hash", "hash"),
    )

    point_id: str = Field(primary_key=True, foreign_key="contact_point.id")
    part: str = Field(primary_key=True)
    hash: str = Field(primary_key=True)


class LocationProtection(SQLModel, table=True):
    """From when until when nobody but the custodian may learn where the victim of a case can be found, and why."""

    __tablename__ = "location_protection"
    __table_args__ = (
        Index(
            "uq_location_protection_now",
            "case_id",
            unique=True,
            sqlite_where=text(STILL_PROTECTED),
            postgresql_where=text(STILL_PROTECTED),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    custodian_id: str = Field(foreign_key="person.id")
    sealed_reason: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    set_by: str = Field(foreign_key="person.id")
    set_at: datetime
    lifted_by: str | None = Field(default=None, foreign_key="person.id")
    lifted_at: datetime | None = None
    sealed_lifted_reason: bytes | None = Field(default=None, sa_column=Column(LargeBinary))

"""Who is kept from a case whatever their role, and since when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

IN_FORCE = "until_at IS NULL"


class CaseRestriction(SQLModel, table=True):
    """From when until when only those named in `case_listing` may see a case, and why. Nobody named is nobody."""

    __tablename__ = "case_restriction"
    __table_args__ = (
        Index(
            "uq_case_restriction_now",
            "case_id",
            unique=True,
            sqlite_where=text(IN_FORCE),
            postgresql_where=text(IN_FORCE),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id")
    sealed_reason: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    from_at: datetime
    set_by: str = Field(foreign_key="person.id")
    until_at: datetime | None = None
    lifted_by: str | None = Field(default=None, foreign_key="person.id")


class CaseListing(SQLModel, table=True):
    """Somebody named on a restricted case, or excluded from any; an exclusion says why, in sealed words."""

    __tablename__ = "case_listing"
    __table_args__ = (
        code_check("listed_as", "named", "excluded"),
        Index(
            "uq_case_listing_now",
            "case_id",
            "person_id",
            "listed_as",
            unique=True,
            sqlite_where=text(IN_FORCE),
            postgresql_where=text(IN_FORCE),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id")
    person_id: str = Field(foreign_key="person.id", index=True)
    listed_as: str
    sealed_reason: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    from_at: datetime
    set_by: str = Field(foreign_key="person.id")
    until_at: datetime | None = None
    lifted_by: str | None = Field(default=None, foreign_key="person.id")

"""Signs that somebody looked where they had no reason to, for a privacy reviewer."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

SIGNS = (
    *("same name", "not theirs", "refused", "searched", "opened contacts", "many", "at night"),
    "protected location",
)
OF_NONE, OF_ONE = "case_id IS NULL", "case_id IS NOT NULL"
_ONCE = ("person_id", "sign", "looked_on")
TO_REVIEW = "reviewed_at IS NULL"


class AccessAlert(SQLModel, table=True):
    """A sign of snooping in one day of one person (`domain/snooping.py`), and what a privacy reviewer found it to be.

    `looked_on` is the London date, `case_id` there where it is about one case only. Never deleted.
    """

    __tablename__ = "access_alert"
    __table_args__ = (
        code_check("sign", *SIGNS),
        code_check("outcome", "justified", "not_justified"),
        CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (outcome IS NULL)"
            " AND (reviewed_at IS NULL) = (sealed_words IS NULL)",
            name="ck_access_alert_reviewed",
        ),
        Index("uq_access_alert", *_ONCE, unique=True, sqlite_where=text(OF_NONE), postgresql_where=text(OF_NONE)),
        Index(
            "uq_access_alert_of_case",
            *_ONCE,
            "case_id",
            unique=True,
            sqlite_where=text(OF_ONE),
            postgresql_where=text(OF_ONE),
        ),
        Index("ix_access_alert_to_review", "found_at", sqlite_where=text(TO_REVIEW), postgresql_where=text(TO_REVIEW)),
    )

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id")
    sign: str
    looked_on: date
    count: int
    case_id: int | None = Field(default=None, foreign_key="victim_case.id", index=True)
    found_at: datetime
    reviewed_at: datetime | None = None
    reviewed_by: str | None = Field(default=None, foreign_key="person.id")
    outcome: str | None = None
    sealed_words: bytes | None = Field(default=None, sa_column=Column(LargeBinary))

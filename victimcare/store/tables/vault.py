"""Where a victim can be reached: apart from the case, and sealed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check


class ContactPoint(SQLModel, table=True):
    """Where a victim can be reached: sealed (AES-GCM), and never used unless confirmed safe."""

    __tablename__ = "contact_point"
    __table_args__ = (code_check("safety", "safe", "unsafe", "not_confirmed", "do_not_use"),)

    id: str = Field(primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    kind: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    safety: str = "not_confirmed"
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None

"""What is given to a victim who asks for all that is held on them: decided item by item, by two people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

STANDING_PACK = "released_at IS NULL AND withdrawn_at IS NULL"


class RecordPack(SQLModel, table=True):
    """A pack that was prepared, and what became of it. The pack itself is made when it leaves, and never stored."""

    __tablename__ = "record_pack"
    __table_args__ = (
        code_check("recipient", "victim", "representative"),
        CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="ck_record_pack_two_people"),
        CheckConstraint("released_by IS NULL OR released_by <> prepared_by", name="ck_record_pack_released_by_another"),
        CheckConstraint("released_at IS NULL OR approved_at IS NOT NULL", name="ck_record_pack_approved_first"),
        Index(
            "uq_record_pack_standing",
            "case_id",
            unique=True,
            sqlite_where=text(STANDING_PACK),
            postgresql_where=text(STANDING_PACK),
        ),
    )

    id: str = Field(primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    recipient: str
    sealed_recipient: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    prepared_by: str = Field(foreign_key="person.id")
    prepared_at: datetime
    approved_by: str | None = Field(default=None, foreign_key="person.id")
    approved_at: datetime | None = None
    released_by: str | None = Field(default=None, foreign_key="person.id")
    released_at: datetime | None = None
    withdrawn_by: str | None = Field(default=None, foreign_key="person.id")
    withdrawn_at: datetime | None = None


class RecordPackItem(SQLModel, table=True):
    """What was decided of one item: given, or left out and why. `mark` is the keyed hash of it as it then was."""

    __tablename__ = "record_pack_item"
    __table_args__ = (CheckConstraint("given = (why_left_out IS NULL)", name="ck_record_pack_item_why"),)

    pack_id: str = Field(primary_key=True, foreign_key="record_pack.id")
    key: str = Field(primary_key=True)
    given: bool
    why_left_out: str | None = None
    mark: str

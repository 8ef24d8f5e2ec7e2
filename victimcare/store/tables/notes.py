"""What people wrote about a case in their own words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, LargeBinary, false
from sqlmodel import Field, SQLModel


class CaseNote(SQLModel, table=True):
    """A note, sealed: append-only (triggers forbid change), a correction is a new note.

    `contains_location`: it tells, or may tell, where the victim can be found, so it is left out of whatever is shared.
    `for_hand_over`: what the next case officer must know. `event_key`: the event that it is about, if it is about one.
    """

    __tablename__ = "case_note"

    id: str = Field(primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    contains_location: bool
    by: str = Field(foreign_key="person.id")
    at: datetime
    for_hand_over: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    event_key: str | None = None

"""What was written to victims."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, LargeBinary, Text, false
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check


class Message(SQLModel, table=True):
    """A written message to a victim, its words sealed. Append-only but for its end: posted, withdrawn, gone out.

    `written_to` is who is told beside the victim and gets it; None: the victim. `event_key` is the contact that was
    recorded when it went out: until then it has answered nothing. `gone_at` is when one went out that is no contact,
    for it tells nothing: it asks. What became of an e-mail or a text message on its way stands in the outbox.
    """

    __tablename__ = "message"
    __table_args__ = (code_check("channel", "letter", "email", "text"),)

    id: str = Field(primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    template: str
    language: str
    channel: str
    point_id: str = Field(foreign_key="contact_point.id")
    written_to: int | None = Field(default=None, foreign_key="person_to_tell.id")
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    duties: str | None = Field(default=None, sa_column=Column(Text))
    contains_location: bool
    urgent: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    unwanted_because: str | None = None
    written_by: str = Field(foreign_key="person.id")
    written_at: datetime
    printed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    event_key: str | None = None
    gone_at: datetime | None = None

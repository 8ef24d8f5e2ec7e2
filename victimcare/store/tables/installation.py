"""What holds for the whole installation."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class Setting(SQLModel, table=True):
    """A value that holds for the whole installation, such as whether it is a demonstration."""

    name: str = Field(primary_key=True)
    value: str


class UsedForm(SQLModel, table=True):
    """A form that was already sent in, so that sending it twice is harmless."""

    __tablename__ = "used_form"

    key: str = Field(primary_key=True)
    person_id: str
    at: datetime

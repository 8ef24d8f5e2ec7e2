"""Figures that were published for the board."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel


class PublicationRow(SQLModel, table=True):
    """The figures of a quarter, published for the `number`-th time. Never changed, never deleted: others have read it.

    Counts below `threshold` are hidden in it. `content` is JSON in one spelling (`store/publications.py`); `sha256` is
    of its UTF-8, in hex.
    """

    __tablename__ = "publication"

    quarter: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    form: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    threshold: int
    published_at: datetime
    content: str = Field(sa_column=Column(Text, nullable=False))
    sha256: str


class ReplayRow(SQLModel, table=True):
    """Figures of a quarter reckoned in another way, as they were shown beside those that were published.

    `known_on`: as they were known on that day; `edition`: by that edition of the Code. Kept, since whoever has them can
    subtract them from what is published next. `content` as of a publication; no duty, day or case is in it.
    """

    __tablename__ = "replay"

    id: int | None = Field(default=None, primary_key=True)
    quarter: str = Field(index=True)
    known_on: date | None = None
    edition: str | None = None
    made_at: datetime
    content: str = Field(sa_column=Column(Text, nullable=False))
    sha256: str

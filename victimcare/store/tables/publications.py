"""Figures that were published for the board."""

from __future__ import annotations

from datetime import datetime

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

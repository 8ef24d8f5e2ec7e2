"""Figures that were published for the board."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Text, text
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


class ReplayAsked(SQLModel, table=True):
    """A replay that somebody asked for on a page: as known on a day, by the law in force, an edition or `own_times`.

    `told` says which tables of it (`domain/replay_choices.py`).
    `cases_done` of `cases` say how far it has come, and `seen_at` when it was last seen to go on. Once it is made,
    `replay_id` is what was shown, and `officers` how many held the force's own duties of the quarter.
    """

    __tablename__ = "replay_asked"
    __table_args__ = (CheckConstraint("(made_at IS NULL) = (replay_id IS NULL)", name="ck_replay_asked_made"),)

    id: int | None = Field(default=None, primary_key=True)
    quarter: str = Field(index=True)
    known_on: date
    edition_id: int | None = Field(default=None, foreign_key="code_edition.id")
    own_times: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    told: str = Field(default="right", sa_column_kwargs={"server_default": text("'right'")})
    threshold: int
    asked_by: str = Field(foreign_key="person.id")
    asked_at: datetime
    seen_at: datetime | None = None
    cases_done: int = 0
    cases: int = 0
    failed_at: datetime | None = None
    made_at: datetime | None = None
    replay_id: int | None = Field(default=None, foreign_key="replay.id")
    officers: int | None = None

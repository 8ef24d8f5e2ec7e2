"""Packs for the board: asked for, made, and kept as they were."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check

WAITING_PACK = "made_at IS NULL AND failed_at IS NULL"


class BoardPack(SQLModel, table=True):
    """A pack that somebody asked for. Once it is made it is never changed and never deleted: others have read it.

    `content` is its document in one spelling (`domain/board_pack.py`); `sha256`, of its UTF-8 in hex, is what it is
    called. Where figures and words were those of an earlier pack it is `same_as` that one, and has nothing of its own.
    `steps_done` of `steps` say how far it has come. `note` says in a sentence what could not be made of it.
    """

    __tablename__ = "board_pack"
    __table_args__ = (
        CheckConstraint("(sha256 IS NULL) = (content IS NULL)", name="ck_board_pack_named"),
        CheckConstraint(
            "made_at IS NULL OR (sha256 IS NULL) = (same_as IS NOT NULL)", name="ck_board_pack_made_or_same"
        ),
        Index("uq_board_pack_sha256", "sha256", unique=True),
        Index(
            "uq_board_pack_waiting",
            "period",
            "baseline",
            unique=True,
            sqlite_where=text(WAITING_PACK),
            postgresql_where=text(WAITING_PACK),
        ),
    )

    id: str = Field(primary_key=True)
    period: str
    baseline: str
    """The period that it is held against; "" where it is held against none."""
    force: str
    threshold: int
    asked_by: str = Field(foreign_key="person.id")
    asked_at: datetime
    started_at: datetime | None = None
    steps_done: int = 0
    steps: int = 0
    made_at: datetime | None = None
    failed_at: datetime | None = None
    same_as: str | None = Field(default=None, foreign_key="board_pack.id")
    sha256: str | None = None
    content: str | None = Field(default=None, sa_column=Column(Text))
    note: str = ""


class BoardPackFile(SQLModel, table=True):
    """A file of a pack, as it was made: `sha256` is of its bytes, in hex."""

    __tablename__ = "board_pack_file"
    __table_args__ = (code_check("format", "html", "pdf", "ods", "csv", "json"),)

    pack_id: str = Field(primary_key=True, foreign_key="board_pack.id")
    format: str = Field(primary_key=True)
    sha256: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))

"""Files that left the service."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from victimcare.domain.exports import Export
from victimcare.store.tables.checks import code_check


class ExportRow(SQLModel, table=True):
    """A file of figures that somebody took: its manifest (`domain/exports.py`), and what for. Never deleted.

    `columns` is JSON: their names in their order.
    """

    __tablename__ = "export"
    __table_args__ = (
        code_check("what", *Export),
        code_check("purpose", "meeting", "partner", "request", "publication"),
    )

    id: str = Field(primary_key=True)
    what: str
    of: str
    columns: str
    rows: int
    sha256: str
    classification: str
    purpose: str
    taken_by: str = Field(foreign_key="person.id")
    taken_at: datetime = Field(index=True)

"""Checks of the editions in the database."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, insert

from victimcare.domain.edition_entries import Finding
from victimcare.store.tables import CodeCheck

CODE_CHECKS = CodeCheck.__table__  # type: ignore[attr-defined]


def add(
    connection: Connection,
    *,
    edition: str,
    entry: str,
    entry_mark: str,
    finding: Finding,
    source: str,
    looked_on: date,
    difference: str | None,
    by: str,
    at: datetime,
) -> None:
    """Keep what somebody found."""
    about = {"edition": edition, "entry": entry, "entry_mark": entry_mark}
    found = {"finding": finding.value, "source": source, "looked_on": looked_on, "difference": difference}
    connection.execute(insert(CODE_CHECKS).values(**about, **found, checked_by=by, checked_at=at))

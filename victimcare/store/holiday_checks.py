"""When a published list of bank holidays was last read that could be trusted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.store import installation

_CHECKED = "bank_holidays_checked_at"


def note_check(connection: Connection, at: datetime) -> None:
    """Say that it was at this instant (UTC)."""
    installation.set_value(connection, _CHECKED, at.isoformat())


def last_check(connection: Connection) -> datetime | None:
    """The UTC instant; None while none was read."""
    found = installation.value(connection, _CHECKED)
    return datetime.fromisoformat(found) if found else None

"""How victims chose to hear, each choice kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert

from victimcare.store.tables import ContactChoice

CONTACT_CHOICES = ContactChoice.__table__  # type: ignore[attr-defined]


def add(connection: Connection, row: Mapping[str, Any]) -> None:
    """Store one choice."""
    connection.execute(insert(CONTACT_CHOICES).values(dict(row)))

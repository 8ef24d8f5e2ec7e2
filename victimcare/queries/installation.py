"""What holds for the whole installation."""

from __future__ import annotations

from sqlalchemy import Connection, select

from victimcare.store.tables import Setting

_SETTINGS = Setting.__table__  # type: ignore[attr-defined]


def is_demonstration(connection: Connection) -> bool:
    """Whether everything here is invented, as every page must then say."""
    found = select(_SETTINGS.c.value).where(_SETTINGS.c.name == "demonstration")
    return connection.execute(found).scalar_one_or_none() == "true"

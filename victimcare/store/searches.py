"""Words searched for, kept with the sign-in on the server so that no name is ever in an address."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, insert, select

from victimcare.store.tables import SavedSearch

_SEARCHES = SavedSearch.__table__  # type: ignore[attr-defined]


def save(connection: Connection, *, session_id: str, words: str, at: datetime) -> str:
    """Keep the words and return the id under which this sign-in finds them again."""
    search_id = secrets.token_hex(8)
    connection.execute(insert(_SEARCHES).values(id=search_id, session_id=session_id, words=words, created_at=at))
    return search_id


def words(connection: Connection, *, session_id: str, search_id: str) -> str | None:
    """The words of a search of this sign-in; None for another's."""
    mine = (_SEARCHES.c.id == search_id) & (_SEARCHES.c.session_id == session_id)
    found: str | None = connection.execute(select(_SEARCHES.c.words).where(mine)).scalar()
    return found

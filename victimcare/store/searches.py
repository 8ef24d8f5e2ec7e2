"""Words searched for, kept with the sign-in on the server so that no name is ever in an address."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from victimcare.store.sealed_words import opened_from, sealed_in
from victimcare.store.tables import SavedSearch
from victimcare.store.vault import Vault

_SEARCHES = SavedSearch.__table__  # type: ignore[attr-defined]
_WORDS = _SEARCHES.c.sealed_words
_OF_SIGN_IN = select(_WORDS).where(
    _SEARCHES.c.id == bindparam("search_id"), _SEARCHES.c.session_id == bindparam("session_id")
)


def save(connection: Connection, *, session_id: str, words: str, at: datetime, vault: Vault) -> str:
    """Keep the words and return the id under which this sign-in finds them again."""
    search_id = secrets.token_hex(8)
    sealed = sealed_in(_WORDS, search_id, words, vault)
    values = {"id": search_id, "session_id": session_id, "sealed_words": sealed, "created_at": at}
    connection.execute(insert(_SEARCHES).values(values))
    return search_id


def words(connection: Connection, *, session_id: str, search_id: str, vault: Vault) -> str | None:
    """The words of a search of this sign-in; None for another's. Raises `DoesNotOpen`."""
    found = connection.execute(_OF_SIGN_IN, {"search_id": search_id, "session_id": session_id}).scalar()
    return None if found is None else opened_from(_WORDS, search_id, found, vault)

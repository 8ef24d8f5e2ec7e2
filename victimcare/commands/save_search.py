"""Keep what was searched for on the server, under an id that says nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.store import searches
from victimcare.store.vault import Vault


def save_search(connection: Connection, *, session_id: str, words: str, now: datetime, vault: Vault) -> str:
    """Keep the words with this sign-in and return the search's id."""
    return searches.save(connection, session_id=session_id, words=words, at=now, vault=vault)

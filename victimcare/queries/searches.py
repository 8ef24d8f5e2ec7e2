"""What was searched for in this sign-in."""

from __future__ import annotations

from sqlalchemy import Connection

from victimcare.store import searches
from victimcare.store.vault import Vault


def searched_words(connection: Connection, *, session_id: str, search_id: str, vault: Vault) -> str:
    """The words of a search of this sign-in; empty for any other."""
    if not search_id:
        return ""
    return searches.words(connection, session_id=session_id, search_id=search_id, vault=vault) or ""

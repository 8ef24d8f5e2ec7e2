"""Notes in the database, sealed like what is in the vault."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert

from victimcare.domain.contact_spelling import text_windows
from victimcare.domain.locations_in_text import told_in
from victimcare.store import contact_points
from victimcare.store.tables import CaseNote
from victimcare.store.vault import Vault

NOTES = CaseNote.__table__  # type: ignore[attr-defined]


def add(
    connection: Connection,
    *,
    case_id: int,
    words: str,
    contains_location: bool,
    by: str,
    at: datetime,
    vault: Vault,
    for_hand_over: bool = False,
    about_event: str | None = None,
) -> str:
    """Store a note and return its id."""
    note_id = secrets.token_hex(8)
    values = {
        "id": note_id,
        "case_id": case_id,
        "sealed": vault.seal(words, row_id=f"{note_id}:note"),
        "contains_location": contains_location,
        "by": by,
        "at": at,
        "for_hand_over": for_hand_over,
        "event_key": about_event,
    }
    connection.execute(insert(NOTES).values(**values))
    return note_id


def words_of(note_id: str, sealed: bytes, vault: Vault) -> str:
    """What a note says. Raises `DoesNotOpen`."""
    return vault.open(sealed, row_id=f"{note_id}:note")


def what_tells_location(connection: Connection, *, case_id: int | None, words: str, vault: Vault) -> tuple[str, ...]:
    """What in a text tells where somebody can be found: "a postcode", "a line of the victim’s address".

    Without a case, only what can be told from the text alone.
    """
    return what_tells_location_of(connection, case_ids=[] if case_id is None else [case_id], words=words, vault=vault)


def what_tells_location_of(
    connection: Connection, *, case_ids: Sequence[int], words: str, vault: Vault
) -> tuple[str, ...]:
    """The same of words that are about several cases."""
    found = list(told_in(words))
    lines = contact_points.line_hashes(connection, case_ids)
    if lines and any(vault.hash(f"line:{window}") in lines for window in text_windows(words)):
        found.append("a line of the victim’s address")
    return tuple(found)

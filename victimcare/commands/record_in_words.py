"""Record an event with what the person wants to say about it: a good reason, why a case should be void."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import NewEvent, record_event
from victimcare.commands.write_note import write_note
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.store.vault import Vault


def record_in_words(
    connection: Connection,
    *,
    ref: str,
    event: NewEvent,
    words: str,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
    seen_version: int | None = None,
) -> str:
    """Record it, and the words as a sealed note about it; the event's key. Raises what `record_event` raises."""
    key = record_event(connection, ref=ref, event=event, by=by, now=now, law=law, seen_version=seen_version)
    if words:
        write_note(connection, ref=ref, words=words, by=by, now=now, vault=vault, about_event=key)
    return key

"""Write a note on a case. Nothing is edited: what puts a note right is another note."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.contact_access import note_change
from victimcare.commands.record_event import open_for
from victimcare.domain.people import Action, Person
from victimcare.store import notes
from victimcare.store.vault import Vault


def write_note(
    connection: Connection,
    *,
    ref: str,
    words: str,
    by: Person,
    now: datetime,
    vault: Vault,
    for_hand_over: bool = False,
    about_event: str | None = None,
    action: Action = Action.RECORD_EVENT,
) -> str:
    """Store it, marked if it tells where the victim can be found, and return its id. Raises `NoSuchCase`.

    `for_hand_over`: it says what the next case officer must know. `about_event`: the key of the event it is about.
    `action` is that of which it is part.
    """
    stored = open_for(connection, ref, by, action)
    tells = bool(notes.what_tells_location(connection, case_id=stored.id, words=words, vault=vault))
    note_id = notes.add(
        connection,
        case_id=stored.id,
        words=words,
        contains_location=tells,
        by=by.id,
        at=now,
        vault=vault,
        for_hand_over=for_hand_over,
        about_event=about_event,
    )
    note_change(connection, stored, what="write note", by=by, now=now)
    return note_id

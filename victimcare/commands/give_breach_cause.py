"""Give the cause of a breach: by who works on the case, or their supervisor. The last one given holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.contact_access import note_change
from victimcare.commands.record_event import CaseChanged, open_for
from victimcare.commands.write_note import write_note
from victimcare.domain.people import Action, Person
from victimcare.editions.breach_causes import published_causes
from victimcare.store import breach_causes
from victimcare.store.cases import NoSuchCase
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class GivenCause:
    """A cause by its code, of the breach of this duty; `words` are kept as a note of the case.

    `seen` is how often a cause of it had been given when the person had the form before them.
    """

    rule: str
    start_key: str
    cause: str
    words: str
    seen: int


def give_breach_cause(
    connection: Connection, *, ref: str, given: GivenCause, own_agency: str, by: Person, now: datetime, vault: Vault
) -> None:
    """Let it hold. Raises `NoSuchCase`, also where this duty was not late, and `CaseChanged` if another came since."""
    stored = open_for(connection, ref, by, Action.RECORD_EVENT)
    breach = breach_causes.breach_of(connection, case_id=stored.id, rule=given.rule, start_key=given.start_key)
    if breach is None or breach.owed_by != own_agency:
        raise NoSuchCase(ref)
    if given.seen != breach.given:
        raise CaseChanged(ref)
    note_id, cause = None, published_causes()[given.cause].code
    if given.words.strip():
        note_id = write_note(connection, ref=ref, words=given.words, by=by, now=now, vault=vault)
    breach_causes.give(connection, breach.id, case_id=stored.id, cause=cause, note_id=note_id, by=by.id, at=now)
    note_change(connection, stored, what="give breach cause", by=by, now=now)

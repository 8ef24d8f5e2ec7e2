"""Proving again who one is, in a sign-in that goes on: before something that a tablet left lying must not do."""

from __future__ import annotations

from sqlalchemy import Connection

from victimcare.commands.sign_in import Attempt, give_back, is_proved, note_refused
from victimcare.domain.people import Person
from victimcare.store import audit, sign_ins
from victimcare.store.vault import Vault


def prove_again(
    connection: Connection, *, attempt: Attempt, matches: bool, code: str, by: Person, session_id: str, vault: Vault
) -> bool:
    """Whether password and second factor are those of whoever is signed in; a wrong one counts as a failed sign-in.

    Raises `DoesNotOpen`.
    """
    themselves = attempt.account is not None and attempt.account.person.id == by.id
    if not themselves or not is_proved(connection, attempt=attempt, matches=matches, code=code, vault=vault):
        note_refused(connection, attempt, what="prove again")
        return False
    give_back(connection, attempt)
    sign_ins.note_proof(connection, session_id, at=attempt.at)
    audit.write(connection, at=attempt.at, operation="access", what="prove again", person=by)
    return True

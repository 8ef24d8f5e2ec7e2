"""Changing one's own password: with the one before and the second factor, and never without."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.sign_in import Attempt, begin_sign_in, give_back, is_proved, note_refused
from victimcare.domain.people import Person
from victimcare.store import accounts, audit, sign_ins
from victimcare.store.vault import Vault


def begin_change(connection: Connection, *, by: Person, address: str, now: datetime) -> Attempt:
    """Count the attempt, as one to sign in. Raises `NoPasswordHere`."""
    username = accounts.username_with_password(connection, by.id)
    if username is None:
        raise NoPasswordHere
    return begin_sign_in(connection, username=username, address=address, now=now)


def change_password(
    connection: Connection,
    *,
    attempt: Attempt,
    matches: bool,
    code: str,
    new_hash: str,
    by: Person,
    session_id: str,
    vault: Vault,
) -> bool:
    """Write it and end every other sign-in; False, with the attempt still counted, where the proof is wrong.

    Raises `DoesNotOpen`.
    """
    if not is_proved(connection, attempt=attempt, matches=matches, code=code, vault=vault):
        note_refused(connection, attempt, what="change password")
        return False
    give_back(connection, attempt)
    accounts.set_password(connection, by.id, new_hash)
    sign_ins.end_sessions_of(connection, by.id, but=session_id)
    audit.write(connection, at=attempt.at, operation="access", what="change password", person=by)
    return True


class NoPasswordHere(RuntimeError):
    """They sign in elsewhere, or with the password of a demonstration."""

    def __init__(self) -> None:
        super().__init__("it is not kept here, or it is that of the demonstration")

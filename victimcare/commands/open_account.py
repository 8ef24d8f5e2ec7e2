"""Giving a person a local account."""

from __future__ import annotations

from datetime import datetime

from pwdlib import PasswordHash
from sqlalchemy import Connection

from victimcare.commands.sign_in import HASHER
from victimcare.domain.people import Person
from victimcare.store import audit, sign_ins

SHORTEST_PASSWORD = 15
"""Characters, where a password is all that there is (OWASP ASVS 5.0, 6.2.1)."""


def open_account(
    connection: Connection,
    *,
    person_id: str,
    username: str,
    password: str,
    by: Person,
    now: datetime,
    hasher: PasswordHash = HASHER,
) -> None:
    """Add the account. Raises `PasswordTooShort`."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort
    sign_ins.add_account(connection, person_id=person_id, username=username, password_hash=hasher.hash(password))
    audit.write(connection, at=now, operation="access", what="open account", person=by)


class PasswordTooShort(ValueError):
    """Too easily guessed."""

    def __init__(self) -> None:
        super().__init__(f"the password must have at least {SHORTEST_PASSWORD} characters")

"""Giving a person of a demonstration a local account with nothing but a password."""

from __future__ import annotations

from datetime import datetime

from pwdlib import PasswordHash
from sqlalchemy import Connection

from victimcare.commands.passwords import HASHER, PasswordTooShort, check_new_password
from victimcare.domain.people import Person
from victimcare.store import accounts, audit

__all__ = ["PasswordTooShort", "open_account"]


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
    """Add the account. Everybody else sets up their own (`take_up_invitation`). Raises `PasswordRefused`."""
    check_new_password(password, about=[username])
    accounts.add_account(
        connection, person_id=person_id, username=username, password_hash=hasher.hash(password), password_alone=True
    )
    audit.write(connection, at=now, operation="access", what="open account", person=by)

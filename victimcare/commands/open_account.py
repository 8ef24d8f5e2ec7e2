"""Giving a person of a demonstration a local account with nothing but a password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

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
    hash_of: Callable[[str], str] = HASHER.hash,
) -> None:
    """Add the account. Everybody else sets up their own (`take_up_invitation`). Raises `PasswordRefused`."""
    check_new_password(password, about=[username])
    accounts.add_account(
        connection, person_id=person_id, username=username, password_hash=hash_of(password), password_alone=True
    )
    audit.write(connection, at=now, operation="access", what="open account", person=by)

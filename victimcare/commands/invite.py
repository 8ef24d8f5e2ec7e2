"""Giving somebody a one-time secret to set up how they sign in with: the first administrator, or a colleague."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from victimcare.commands import second_factor
from victimcare.domain.people import Person
from victimcare.store import accounts, audit, installation, staff
from victimcare.store.vault import Vault

GOOD_FOR_FIRST = timedelta(hours=24)
GOOD_FOR = timedelta(days=3)
_SECRET_BYTES = 15


def needs_first_administrator(connection: Connection) -> bool:
    """Whether nobody can administer this installation, and it is no demonstration."""
    return not installation.is_demonstration(connection) and not accounts.administrators(connection)


def invite_first_administrator(connection: Connection, *, now: datetime, vault: Vault) -> str:
    """The secret for whoever becomes the first administrator: it holds for a day, and in place of any before it.

    From now on the database is no place for a demonstration. Raises `HasAdministrator`.
    """
    if not needs_first_administrator(connection):
        raise HasAdministrator
    staff.ensure_system(connection)
    installation.set_value(connection, installation.IN_EARNEST, "true")
    return _invite(connection, person_id=None, by=staff.SYSTEM, now=now, good_for=GOOD_FOR_FIRST, vault=vault)


def invite(connection: Connection, *, person_id: str, by: Person, now: datetime, vault: Vault) -> str:
    """The secret with which this person sets up how they sign in, new or again. Raises `NoSuchPerson`."""
    staff.person(connection, person_id)
    return _invite(connection, person_id=person_id, by=by, now=now, good_for=GOOD_FOR, vault=vault)


def _invite(
    connection: Connection, *, person_id: str | None, by: Person, now: datetime, good_for: timedelta, vault: Vault
) -> str:
    secret = second_factor.one_time_secret(_SECRET_BYTES)
    accounts.add_invitation(
        connection,
        secret=secret,
        otp_key=second_factor.new_key(),
        person_id=person_id,
        by=by,
        at=now,
        expires_at=now + good_for,
        vault=vault,
    )
    whom = f"person {person_id}" if person_id else "the first administrator"
    audit.write(connection, at=now, operation="access", what=f"one-time secret for {whom}", person=by)
    return secret


class HasAdministrator(RuntimeError):
    """There is somebody already who lets others in."""

    def __init__(self) -> None:
        super().__init__(
            "there is an administrator already, who lets others in on the page People, or this is a demonstration"
        )

"""Setting up how one signs in, with a one-time secret: user name, password and second factor."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands import second_factor
from victimcare.commands.sign_in import NOBODY, attempts_of, count_attempt, network_of
from victimcare.domain.people import Role
from victimcare.store import accounts, audit, installation, sign_ins, staff
from victimcare.store.accounts import StoredInvitation
from victimcare.store.vault import Vault

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{2,99}")


@dataclass(frozen=True, slots=True)
class HowToSignIn:
    """What somebody chose. `name` counts for the first administrator, `username` for those who had none."""

    name: str
    username: str
    password_hash: str
    code: str


@dataclass(frozen=True, slots=True)
class TriedSecret:
    """What a secret was given for; None where it is none, or where it was not looked at: too many were wrong."""

    given: StoredInvitation | None
    throttled: bool


def open_invitation(connection: Connection, *, secret: str, now: datetime) -> StoredInvitation:
    """What the secret was given for. Raises `NoSuchInvitation`, also for one that is used, taken back or too old."""
    found = accounts.invitation(connection, secret)
    if found is None or not found.is_good(now) or (found.person_id is None and accounts.administrators(connection)):
        raise NoSuchInvitation
    return found


def try_secret(connection: Connection, *, secret: str, address: str, now: datetime) -> TriedSecret:
    """Look at a secret that somebody typed; counted before that, as an attempt to sign in from this address is.

    Ten wrong ones of an address in 15 minutes, and none is looked at any more. A right one is given back.
    """
    from_hash = attempts_of("one-time secret", network_of(address))
    address_hash = attempts_of("address", network_of(address))
    throttled = count_attempt(connection, from_hash, address_hash, now=now)
    try:
        given = None if throttled else open_invitation(connection, secret=secret, now=now)
    except NoSuchInvitation:
        given = None
    if given is None:
        outcome = "throttled" if throttled else "refused"
        audit.write(connection, at=now, operation="access", what="one-time secret", person=NOBODY, outcome=outcome)
    else:
        for counted in (from_hash, address_hash):
            sign_ins.forget_attempts(connection, counted, at=now)
    return TriedSecret(given, throttled)


def take_up_invitation(
    connection: Connection, *, secret: str, chosen: HowToSignIn, now: datetime, vault: Vault
) -> tuple[str, ...]:
    """Write how they sign in from now on, and give their recovery codes: nothing shows these again.

    The secret is used up, and every sign-in of theirs ends. Raises `NoSuchInvitation`, `SetUpRefused`, `DoesNotOpen`.
    """
    given = open_invitation(connection, secret=secret, now=now)
    key = given.otp_key(vault)
    step = second_factor.step_of(key, accounts.bare(chosen.code), now=now)
    if step is None:
        raise SetUpRefused("code", "This is not the code that the app shows now")
    person_id = given.person_id or _first_administrator(connection, chosen.name)
    if given.username is None:
        accounts.add_account(
            connection, person_id=person_id, username=_free(connection, chosen.username), password_hash=""
        )
    accounts.set_factors(
        connection, person_id=person_id, password_hash=chosen.password_hash, otp_key=key, otp_step=step, vault=vault
    )
    accounts.forget_invitations(connection, given.person_id)
    sign_ins.end_sessions_of(connection, person_id)
    codes = second_factor.give_recovery_codes(connection, person_id=person_id, vault=vault)
    them = staff.person(connection, person_id)
    audit.write(connection, at=now, operation="access", what="set up how to sign in", person=them)
    return codes


def _first_administrator(connection: Connection, name: str) -> str:
    if not name:
        raise SetUpRefused("name", "Enter your name")
    person_id = secrets.token_hex(6)
    row = {"id": person_id, "name": name, "role": Role.ADMINISTRATOR.value}
    installation.add_staff(connection, teams=[], people=[row])
    return person_id


def _free(connection: Connection, username: str) -> str:
    wanted = username.lower()
    if not _USERNAME.fullmatch(wanted):
        raise SetUpRefused(
            "username", "User name must have at least 3 letters or digits, without spaces; . _ @ and - may be between"
        )
    if accounts.username_is_taken(connection, wanted):
        raise SetUpRefused("username", "Somebody else has this user name. Choose another")
    return wanted


class NoSuchInvitation(LookupError):
    """Not a secret that was given, or used already, taken back, or too old."""

    def __init__(self) -> None:
        super().__init__("this secret was used already, or it has expired: ask whoever gave it to you for a new one")


class TriedTooOften(RuntimeError):
    """Too many secrets that were none came from this address: none is looked at now."""

    def __init__(self) -> None:
        super().__init__("there were too many failed attempts: wait 15 minutes, then try again")


class SetUpRefused(ValueError):
    """What was chosen cannot be; `field` is the one to correct."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)

"""Signing in with a local account.

In three steps, so that no transaction is open while the password is checked, which is slow on purpose:
`begin_sign_in` counts the attempt before anything is checked (guessing in parallel gains nothing), `Attempt.matches`
checks the password, `finish_sign_in` the second factor, and opens the sign-in or leaves the attempt counted.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from sqlalchemy import Connection

from victimcare.commands.passwords import HASHER
from victimcare.commands.second_factor import accepts
from victimcare.domain.people import Person, Role
from victimcare.store import accounts, audit, sign_ins
from victimcare.store.accounts import StoredAccount
from victimcare.store.vault import Vault

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
COUNTED_FOR = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 100  # a police station is one address

NOBODY = Person("nobody", "Nobody that we know", Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to sign in, counted but not checked yet; `throttled` ones must not be checked."""

    account: StoredAccount | None
    at: datetime
    account_hash: str
    address_hash: str
    throttled: bool

    def matches(self, password: str) -> bool:
        """Whether the password is right. As much work for an account that does not exist."""
        if self.throttled:
            return False
        known = self.account.password_hash if self.account else ""
        return HASHER.verify(password, known or _hash_of_nothing()) and known != ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """An open sign-in: its token goes into the cookie and is kept nowhere else."""

    token: str
    person: Person


def begin_sign_in(connection: Connection, *, username: str, address: str, now: datetime) -> Attempt:
    """Count the attempt, against the account and the address that it comes from."""
    sign_ins.lock_attempts(connection)
    since = now - COUNTED_FOR
    sign_ins.forget_attempts_before(connection, since)
    account_hash, address_hash = _hash("account", username.lower()), _hash("address", network_of(address))
    throttled = (
        sign_ins.attempts_since(connection, account_hash, since) >= PER_ACCOUNT
        or sign_ins.attempts_since(connection, address_hash, since) >= PER_ADDRESS
    )
    if not throttled:
        sign_ins.note_attempts(connection, (account_hash, address_hash), at=now)
    return Attempt(accounts.account(connection, username), now, account_hash, address_hash, throttled)


def finish_sign_in(
    connection: Connection, *, attempt: Attempt, matches: bool, code: str, vault: Vault
) -> SignIn | None:
    """Open the sign-in if the password was right and the code of the second factor is; None, with the attempt still
    counted, if not: the answer never says which of them was wrong.

    Raises `DoesNotOpen`.
    """
    who = attempt.account.person if attempt.account else NOBODY
    if attempt.account is None or not matches or not _proved(connection, attempt, code, vault):
        outcome = "throttled" if attempt.throttled else "refused"
        audit.write(connection, at=attempt.at, operation="access", what="sign in", person=who, outcome=outcome)
        return None
    sign_ins.forget_attempts(connection, attempt.account_hash)
    sign_ins.forget_attempts(connection, attempt.address_hash, at=attempt.at)
    sign_ins.end_sessions_before(connection, created=attempt.at - LONGEST, seen=attempt.at - IDLE)
    token = secrets.token_urlsafe(32)
    sign_ins.add_session(connection, token=token, csrf_token=secrets.token_urlsafe(32), person_id=who.id, at=attempt.at)
    audit.write(connection, at=attempt.at, operation="access", what="sign in", person=who)
    return SignIn(token, who)


def _proved(connection: Connection, attempt: Attempt, code: str, vault: Vault) -> bool:
    account = attempt.account
    return account is not None and accepts(connection, account=account, typed=code, now=attempt.at, vault=vault)


def network_of(address: str) -> str:
    """The address, or the /64 network of an IPv6 one: whoever has one such address has them all."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(int(parsed) >> 64) if isinstance(parsed, IPv6Address) else str(parsed)


def _hash(kind: str, value: str) -> str:
    return sha256(f"{kind}:{value}".encode()).hexdigest()


@cache
def _hash_of_nothing() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))

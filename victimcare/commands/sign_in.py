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
from victimcare.domain.sign_in_life import IDLE, LONGEST, REMEMBERED
from victimcare.store import accounts, audit, sign_ins
from victimcare.store.accounts import StoredAccount
from victimcare.store.vault import Vault

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


def begin_sign_in(
    connection: Connection, *, username: str, address: str, now: datetime, only: str | None = None
) -> Attempt:
    """Count the attempt, against the account and the address that it comes from.

    `only`: the one user name that can sign in here; any other is answered like one that nobody has.
    """
    account_hash, address_hash = attempts_of("account", username.lower()), attempts_of("address", network_of(address))
    throttled = count_attempt(connection, account_hash, address_hash, now=now)
    allowed = only is None or username.lower() == only.lower()
    account = accounts.account(connection, username) if allowed else None
    return Attempt(account, now, account_hash, address_hash, throttled)


def count_attempt(connection: Connection, account_hash: str, address_hash: str, *, now: datetime) -> bool:
    """Count an attempt against both, and say whether there were too many already; then it must not be checked."""
    sign_ins.lock_attempts(connection)
    since = now - COUNTED_FOR
    sign_ins.forget_attempts_before(connection, since)
    throttled = (
        sign_ins.attempts_since(connection, account_hash, since) >= PER_ACCOUNT
        or sign_ins.attempts_since(connection, address_hash, since) >= PER_ADDRESS
    )
    if not throttled:
        sign_ins.note_attempts(connection, (account_hash, address_hash), at=now)
    return throttled


def finish_sign_in(
    connection: Connection, *, attempt: Attempt, matches: bool, code: str, browser: str, vault: Vault
) -> SignIn | None:
    """Open the sign-in if the password was right and the code of the second factor is; None, with the attempt still
    counted, if not: the answer never says which of them was wrong.

    Raises `DoesNotOpen`.
    """
    if attempt.account is None or not is_proved(connection, attempt=attempt, matches=matches, code=code, vault=vault):
        note_refused(connection, attempt, what="sign in")
        return None
    give_back(connection, attempt)
    return open_sign_in(connection, person=attempt.account.person, browser=browser, now=attempt.at)


def give_back(connection: Connection, attempt: Attempt) -> None:
    """It was right: nothing counts against the account any more, and this attempt not against the address.

    A station is one address: a hundred people who prove who they are must not keep the next from signing in.
    """
    sign_ins.forget_attempts(connection, attempt.account_hash)
    sign_ins.forget_attempts(connection, attempt.address_hash, at=attempt.at)


def open_sign_in(
    connection: Connection, *, person: Person, browser: str, now: datetime, proved_at: datetime | None = None
) -> SignIn:
    """Open a sign-in for somebody who proved who they are, now or at `proved_at`; `browser` is in words of ours."""
    sign_ins.end_sessions_before(connection, created=now - LONGEST - REMEMBERED, seen=now - IDLE - REMEMBERED)
    token, csrf_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    sign_ins.add_session(
        connection,
        token=token,
        csrf_token=csrf_token,
        person_id=person.id,
        browser=browser,
        at=now,
        proved_at=proved_at or now,
    )
    audit.write(connection, at=now, operation="access", what="sign in", person=person)
    return SignIn(token, person)


def is_proved(connection: Connection, *, attempt: Attempt, matches: bool, code: str, vault: Vault) -> bool:
    """Whether the password was right and the code of the second factor is, which is then used. Raises `DoesNotOpen`."""
    account = attempt.account
    if account is None or not matches:
        return False
    return accepts(connection, account=account, typed=code, now=attempt.at, vault=vault)


def note_refused(connection: Connection, attempt: Attempt, *, what: str) -> None:
    """Write down an attempt that failed, or came too soon."""
    who = attempt.account.person if attempt.account else NOBODY
    outcome = "throttled" if attempt.throttled else "refused"
    audit.write(connection, at=attempt.at, operation="access", what=what, person=who, outcome=outcome)


def network_of(address: str) -> str:
    """The address, or the /64 network of an IPv6 one: whoever has one such address has them all."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(int(parsed) >> 64) if isinstance(parsed, IPv6Address) else str(parsed)


def attempts_of(kind: str, value: str) -> str:
    """What attempts are counted by: a hash of an account, an address or a system."""
    return sha256(f"{kind}:{value}".encode()).hexdigest()


@cache
def _hash_of_nothing() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))

"""A system of an agency shows its secret and is given a token: OAuth 2 client credentials (RFC 6749 section 4.4).

As with signing in by password, each attempt is counted before anything is checked, and the answer never says whether
the system is unknown, disabled, or has another secret. A secret is 256 random bits that this program made, so a plain
hash keeps it: there is nothing to guess, and a slow hash would be a way to keep the service busy.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest

from sqlalchemy import Connection

from victimcare.commands.sign_in import NOBODY, attempts_of, count_attempt, network_of
from victimcare.domain.api_scopes import ApiScope
from victimcare.store import api_clients, audit, sign_ins

GOOD_FOR = timedelta(minutes=15)
MOST_AT_ONCE = 60
"""Tokens of one system that are good at the same time: each is a write, also for who has the secret."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token, shown this once, and what it is good for."""

    token: str = field(repr=False)
    scopes: frozenset[ApiScope]


@dataclass(frozen=True, slots=True)
class Refused:
    """No token: too many attempts, the wrong secret, or scopes that the system has not."""

    why: str


THROTTLED, WRONG, NOT_THEIRS = Refused("throttled"), Refused("refused"), Refused("scope")


def take_token(
    connection: Connection,
    *,
    client_id: str,
    secret: str,
    scopes: Collection[ApiScope] | None,
    address: str,
    now: datetime,
) -> Token | Refused:
    """A token for these scopes, or for all that the system has (None). Commit whatever comes of it."""
    own, network = attempts_of("api client", client_id), attempts_of("address", network_of(address))
    if count_attempt(connection, own, network, now=now):
        return _refuse(connection, client_id, THROTTLED, now)
    found = api_clients.client(connection, client_id)
    known = found.secret_hash if found and not found.disabled else api_clients.hash_of(secrets.token_urlsafe(32))
    if not compare_digest(api_clients.hash_of(secret), known) or found is None:
        return _refuse(connection, client_id, WRONG, now)
    sign_ins.forget_attempts(connection, own)
    sign_ins.forget_attempts(connection, network, at=now)
    wanted = found.scopes if scopes is None else frozenset(scopes)
    if not wanted or not wanted <= found.scopes:
        return _refuse(connection, client_id, NOT_THEIRS, now)
    if api_clients.tokens_now(connection, client_id, at=now) >= MOST_AT_ONCE:
        return _refuse(connection, client_id, THROTTLED, now)
    token = secrets.token_urlsafe(32)
    api_clients.add_token(
        connection, token=token, person_id=client_id, scopes=wanted, issued_at=now, expires_at=now + GOOD_FOR
    )
    audit.write(connection, at=now, operation="access", what="take a token", person=found.person)
    return Token(token, wanted)


def _refuse(connection: Connection, client_id: str, why: Refused, now: datetime) -> Refused:
    found = api_clients.client(connection, client_id)
    who = found.person if found else NOBODY
    outcome = "throttled" if why is THROTTLED else "refused"
    audit.write(connection, at=now, operation="access", what="take a token", person=who, outcome=outcome)
    return why

"""Systems of other agencies: who they are, their tokens, and what they asked to be written. Secrets are hashes here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from victimcare.domain.agencies import SUPPORT_SERVICE
from victimcare.domain.api_scopes import ApiScope
from victimcare.domain.people import Person, Role
from victimcare.domain.sign_in_life import is_within
from victimcare.store.staff import PEOPLE, areas_of
from victimcare.store.tables import ApiClient, ApiToken, ApiWrite

CLIENTS = ApiClient.__table__  # type: ignore[attr-defined]
TOKENS = ApiToken.__table__  # type: ignore[attr-defined]
_WRITES = ApiWrite.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class StoredClient:
    """A system as it is registered. `person` is it as the table of policies knows it."""

    person: Person
    scopes: frozenset[ApiScope]
    secret_hash: str = field(repr=False)
    disabled: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A token of a system that is not disabled, whatever its age, with what it is good for."""

    id: str
    person: Person
    scopes: frozenset[ApiScope]
    issued_at: datetime
    expires_at: datetime

    def is_good(self, at: datetime) -> bool:
        """Whether it is good at this instant."""
        return is_within(self.issued_at, self.expires_at - self.issued_at, now=at)


@dataclass(frozen=True, slots=True)
class Written:
    """What a system asked before under a key, as a hash, and the answer that it got."""

    request_hash: str
    answer: str
    at: datetime


def add_client(
    connection: Connection,
    person_id: str,
    *,
    agency: str,
    source: str,
    scopes: Collection[ApiScope],
    secret: str,
    by: Person,
    at: datetime,
) -> None:
    """Store a system beside its row of `person`."""
    row = {"person_id": person_id, "agency": agency, "source": source, "scopes": _listed(scopes)}
    known = {"secret_hash": hash_of(secret), "secret_made_at": at, "registered_by": by.id, "registered_at": at}
    connection.execute(insert(CLIENTS).values(**row, **known))


def client(connection: Connection, client_id: str) -> StoredClient | None:
    """The system of this id, disabled or not."""
    row = connection.execute(_clients().where(CLIENTS.c.person_id == client_id)).first()
    if row is None:
        return None
    return StoredClient(_person(row), scopes_of(row.scopes), row.secret_hash, row.disabled, row.source)


def set_secret(connection: Connection, client_id: str, secret: str, *, at: datetime) -> None:
    """From now on this secret alone is right; the tokens of before end."""
    values = {"secret_hash": hash_of(secret), "secret_made_at": at}
    connection.execute(update(CLIENTS).where(CLIENTS.c.person_id == client_id).values(values))
    end_tokens(connection, client_id)


def set_disabled(connection: Connection, client_id: str, *, disabled: bool) -> None:
    """Whether the system is answered; every token that it has ends."""
    connection.execute(update(CLIENTS).where(CLIENTS.c.person_id == client_id).values(disabled=disabled))
    end_tokens(connection, client_id)


def add_token(
    connection: Connection,
    *,
    token: str,
    person_id: str,
    scopes: Collection[ApiScope],
    issued_at: datetime,
    expires_at: datetime,
) -> None:
    """Keep a token, as its hash; those that have ended are forgotten."""
    connection.execute(delete(TOKENS).where(TOKENS.c.expires_at <= issued_at))
    row = {"id": hash_of(token), "person_id": person_id, "scopes": _listed(scopes)}
    connection.execute(insert(TOKENS).values(**row, issued_at=issued_at, expires_at=expires_at))


def token(connection: Connection, shown: str) -> StoredToken | None:
    """The token that was shown; None for one that is none, and of a system that is disabled."""
    named = (
        _clients(TOKENS.c.id.label("token_id"), TOKENS.c.scopes.label("token_scopes"))
        .add_columns(TOKENS.c.issued_at, TOKENS.c.expires_at)
        .join(TOKENS, TOKENS.c.person_id == CLIENTS.c.person_id)
        .where(TOKENS.c.id == hash_of(shown), ~CLIENTS.c.disabled)
    )
    row = connection.execute(named).first()
    if row is None:
        return None
    both = scopes_of(row.token_scopes) & scopes_of(row.scopes)
    return StoredToken(row.token_id, _person(row), both, row.issued_at, row.expires_at)


def tokens_now(connection: Connection, client_id: str, *, at: datetime) -> int:
    """How many tokens of the system are good now."""
    good = (TOKENS.c.person_id == client_id) & (TOKENS.c.expires_at > at)
    return int(connection.execute(select(func.count()).select_from(TOKENS).where(good)).scalar_one())


def end_tokens(connection: Connection, client_id: str) -> None:
    """End every token of the system, at once."""
    connection.execute(delete(TOKENS).where(TOKENS.c.person_id == client_id))


def disable_all(connection: Connection) -> None:
    """Answer no system until an administrator enables it again."""
    connection.execute(update(CLIENTS).values(disabled=True))
    connection.execute(delete(TOKENS))


def written(connection: Connection, person: Person, key: str) -> Written | None:
    """What the system asked before under this key, if it did and that is still kept."""
    row = connection.execute(select(_WRITES).where(_WRITES.c.id == _write_id(person, key))).first()
    return Written(row.request_hash, row.answer, row.at) if row else None


def note_write(
    connection: Connection, person: Person, key: str, *, request_hash: str, answer: str, at: datetime
) -> None:
    """Keep what was asked and answered, in the transaction of what was asked. Raises `WrittenMeanwhile`."""
    row = {"id": _write_id(person, key), "person_id": person.id, "request_hash": request_hash, "answer": answer}
    try:
        with connection.begin_nested():
            connection.execute(insert(_WRITES).values(**row, at=at))
    except IntegrityError:
        raise WrittenMeanwhile from None


def forget_writes_before(connection: Connection, person: Person, before: datetime) -> None:
    """Forget the keys of what the system asked long ago."""
    connection.execute(delete(_WRITES).where(_WRITES.c.person_id == person.id, _WRITES.c.at <= before))


def hash_of(secret: str) -> str:
    """What a secret or a token is stored as. Both are 256 random bits: no guess is worth slowing down."""
    return sha256(secret.encode()).hexdigest()


def scopes_of(listed: str) -> frozenset[ApiScope]:
    """The scopes of a row."""
    return frozenset(ApiScope(code) for code in listed.split(",") if code)


def _listed(scopes: Collection[ApiScope]) -> str:
    return ",".join(sorted(scopes))


def _write_id(person: Person, key: str) -> str:
    return hash_of(f"{person.id}\n{key}")


def _clients(*more: Any) -> Any:
    columns = (CLIENTS, PEOPLE.c.name, PEOPLE.c.service_id, PEOPLE.c.areas, *more)
    return select(*columns).join(PEOPLE, PEOPLE.c.id == CLIENTS.c.person_id)


def _person(row: Any) -> Person:
    agency = None if row.agency == SUPPORT_SERVICE else row.agency
    areas = areas_of(row.areas)
    return Person(row.person_id, row.name, Role.API_CLIENT, None, row.service_id, areas, agency)


class NoSuchClient(LookupError):
    """No system of that id is registered."""

    def __init__(self) -> None:
        super().__init__("no such system is registered")


class WrittenMeanwhile(RuntimeError):
    """The same request came twice at once, and the other one was first."""

    def __init__(self) -> None:
        super().__init__("the same request is being answered: send it again in a moment")

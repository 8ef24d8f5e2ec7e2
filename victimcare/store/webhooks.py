"""Where the systems of agencies are told something, of what, and the secrets that sign it, sealed."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from victimcare.domain.api_scopes import ApiScope
from victimcare.domain.events_out import BOTH_SIGN_FOR, NEEDS, Told
from victimcare.domain.people import Person
from victimcare.store import api_clients
from victimcare.store.api_clients import CLIENTS
from victimcare.store.sealed_words import opened_from, sealed_in
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import Webhook
from victimcare.store.vault import Vault

WEBHOOKS = Webhook.__table__  # type: ignore[attr-defined]
ON, OFF, FAILING, GONE = "on", "off", "failing", "gone"


@dataclass(frozen=True, slots=True)
class StoredWebhook:
    """Where a system is told, of what, and whether it is; `failing_since` is the first failure since a success."""

    person_id: str
    url: str
    kinds: frozenset[Told]
    status: str
    status_at: datetime
    failing_since: datetime | None
    has_secret: bool
    former_until: datetime | None
    sealed: tuple[bytes | None, bytes | None] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hearer:
    """A system that may be told something now, as the table of policies knows it, and of which kinds."""

    person: Person
    kinds: frozenset[Told]


def load(connection: Connection, client_id: str) -> StoredWebhook | None:
    """Where this system is told; None where nobody said."""
    row = connection.execute(select(WEBHOOKS).where(WEBHOOKS.c.person_id == client_id)).first()
    return _stored(row) if row else None


def locked(connection: Connection, client_id: str) -> StoredWebhook | None:
    """The same, locked until the transaction ends."""
    wanted = select(WEBHOOKS).where(WEBHOOKS.c.person_id == client_id)
    # Not the key: rows that name it may still be added meanwhile, by whoever writes to a case.
    row = connection.execute(wanted.with_for_update(key_share=True)).first()
    return _stored(row) if row else None


def keep(
    connection: Connection, client_id: str, *, url: str, kinds: Collection[Told], by: Person, at: datetime
) -> None:
    """Say where, and of what. What it is signed with, and whether it is on, stays."""
    values = {"url": url, "kinds": ",".join(sorted(kinds)), "changed_by": by.id, "changed_at": at}
    if load(connection, client_id) is None:
        row = {"person_id": client_id, "status": ON, "status_at": at, **values}
        connection.execute(insert(WEBHOOKS).values(row))
    else:
        _change(connection, client_id, **values)


def set_status(connection: Connection, client_id: str, status: str, *, at: datetime) -> None:
    """Whether it is told, or why not; what failed before is forgotten."""
    _change(connection, client_id, status=status, status_at=at, failing_since=None)


def note_failing(connection: Connection, client_id: str, since: datetime | None) -> None:
    """Since when no attempt succeeded; None: the last one did."""
    _change(connection, client_id, failing_since=since)


def new_secret(connection: Connection, stored: StoredWebhook, vault: Vault, *, at: datetime, at_once: bool) -> str:
    """Another secret, to be shown once. The one of before signs as well for a time, unless it ends `at_once`."""
    secret = f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"
    before = opened_from(WEBHOOKS.c.sealed_secret, stored.person_id, stored.sealed[0], vault)
    both = bool(before) and not at_once
    _change(
        connection,
        stored.person_id,
        sealed_secret=sealed_in(WEBHOOKS.c.sealed_secret, stored.person_id, secret, vault),
        secret_made_at=at,
        sealed_former=sealed_in(WEBHOOKS.c.sealed_former, stored.person_id, before, vault) if both else None,
        former_until=at + BOTH_SIGN_FOR if both else None,
    )
    return secret


def secrets_of(stored: StoredWebhook, vault: Vault, *, at: datetime) -> tuple[str, ...]:
    """What to sign with now, the newest first. Raises `DoesNotOpen`."""
    newest, former = stored.sealed
    found = [opened_from(WEBHOOKS.c.sealed_secret, stored.person_id, newest, vault)]
    if former and stored.former_until is not None and at < stored.former_until:
        found.append(opened_from(WEBHOOKS.c.sealed_former, stored.person_id, former, vault))
    return tuple(filter(None, found))


def anybody_hears(connection: Connection) -> bool:
    """Whether any system is told of anything."""
    return connection.execute(select(WEBHOOKS.c.person_id).where(WEBHOOKS.c.status == ON).limit(1)).first() is not None


def hearers(connection: Connection, agencies: Collection[str], *, service_id: str | None = None) -> list[Hearer]:
    """The systems of these agencies (of this service) that are told something: on, with a secret, not disabled."""
    joined = WEBHOOKS.join(CLIENTS, CLIENTS.c.person_id == WEBHOOKS.c.person_id).join(
        PEOPLE, PEOPLE.c.id == CLIENTS.c.person_id
    )
    told = (WEBHOOKS.c.status == ON) & WEBHOOKS.c.sealed_secret.is_not(None) & ~CLIENTS.c.disabled
    theirs = CLIENTS.c.agency.in_(sorted(agencies))
    if service_id is not None:
        theirs &= PEOPLE.c.service_id == service_id
    wanted = select(WEBHOOKS.c.person_id, WEBHOOKS.c.kinds).select_from(joined).where(told, theirs)
    found = []
    for row in connection.execute(wanted.order_by(WEBHOOKS.c.person_id)).all():
        client = api_clients.client(connection, row.person_id)
        if client is not None:
            found.append(Hearer(client.person, kinds_for(_kinds(row.kinds), client.scopes)))
    return found


def kinds_for(kinds: Collection[Told], scopes: Collection[ApiScope]) -> frozenset[Told]:
    """Of these kinds those that a system with these scopes may be told."""
    return frozenset(kind for kind in kinds if kind in NEEDS and NEEDS[kind] in scopes)


def _change(connection: Connection, client_id: str, **values: Any) -> None:
    connection.execute(update(WEBHOOKS).where(WEBHOOKS.c.person_id == client_id).values(values))


def _kinds(listed: str) -> frozenset[Told]:
    return frozenset(Told(code) for code in listed.split(",") if code)


def _stored(row: Any) -> StoredWebhook:
    return StoredWebhook(
        person_id=row.person_id,
        url=row.url,
        kinds=_kinds(row.kinds),
        status=row.status,
        status_at=row.status_at,
        failing_since=row.failing_since,
        has_secret=row.sealed_secret is not None,
        former_until=row.former_until,
        sealed=(row.sealed_secret, row.sealed_former),
    )


class NoSuchWebhook(LookupError):
    """Nobody said where this system is told."""

    def __init__(self) -> None:
        super().__init__("say first where the system is told, and of what")

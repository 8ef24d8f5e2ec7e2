"""Keep where the systems of agencies are told something: the address and the kinds, secrets, on or off, tests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.keep_api_clients import NotTheirClients
from victimcare.domain.agencies import SUPPORT_SERVICE
from victimcare.domain.events_out import TOLD_TO, Told
from victimcare.domain.people import Action, Person, may
from victimcare.domain.webhook_address import AddressRefused, check_address
from victimcare.store import api_clients, audit, webhook_events, webhooks
from victimcare.store.vault import Vault
from victimcare.store.webhooks import NoSuchWebhook, StoredWebhook


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """Where a system is to be told, and of which kinds."""

    url: str
    kinds: Collection[Told]


def keep_webhook(
    connection: Connection, *, client_id: str, new: NewWebhook, by: Person, now: datetime, loopback: bool = False
) -> None:
    """Store it. Raises `WebhookRefused`, `NoSuchClient`. `loopback`: this machine may be named too."""
    client = _client(connection, client_id, by)
    of = SUPPORT_SERVICE if client.person.agency is None else client.person.agency
    try:
        check_address(new.url, loopback=loopback)
    except AddressRefused as refused:
        raise WebhookRefused("url", str(refused)) from None
    if not new.kinds:
        raise WebhookRefused("kinds", "Choose what it is told of")
    if not set(new.kinds) <= set(TOLD_TO.get(of, ())) or webhooks.kinds_for(new.kinds, client.scopes) != set(new.kinds):
        raise WebhookRefused("kinds", "Choose from what it may ask for")
    webhooks.keep(connection, client_id, url=new.url, kinds=new.kinds, by=by, at=now)
    _note(connection, "alteration", "keep where it is told: system", client_id, by=by, now=now)


def give_signing_secret(
    connection: Connection, *, client_id: str, by: Person, now: datetime, vault: Vault, at_once: bool = False
) -> str:
    """A secret that signs what it is told, shown this once. The one of before signs too, for a time or not `at_once`.

    Raises `NoSuchWebhook`, `DoesNotOpen`.
    """
    stored = _webhook(connection, client_id, by)
    secret = webhooks.new_secret(connection, stored, vault, at=now, at_once=at_once)
    _note(connection, "access", "give a signing secret to system", client_id, by=by, now=now)
    return secret


def stop_telling(connection: Connection, *, client_id: str, by: Person, now: datetime) -> None:
    """It is told nothing from now on, not what waits either. Raises `NoSuchWebhook`."""
    _webhook(connection, client_id, by)
    webhooks.set_status(connection, client_id, webhooks.OFF, at=now)
    webhook_events.give_up(connection, client_id)
    _note(connection, "access", "stop telling system", client_id, by=by, now=now)


def start_telling(connection: Connection, *, client_id: str, by: Person, now: datetime) -> None:
    """It is told again of what comes from now on. Raises `NoSuchWebhook`."""
    _webhook(connection, client_id, by)
    webhooks.set_status(connection, client_id, webhooks.ON, at=now)
    _note(connection, "access", "start telling system", client_id, by=by, now=now)


def tell_again(connection: Connection, *, client_id: str, by: Person, now: datetime) -> None:
    """Let what failed, or was held back when a backup was restored, be tried anew. Raises `NoSuchWebhook`."""
    _webhook(connection, client_id, by)
    webhook_events.send_again(connection, client_id, now=now)
    _note(connection, "access", "tell again system", client_id, by=by, now=now)


def tell_test(connection: Connection, *, client_id: str, by: Person, now: datetime) -> None:
    """Let it be told that this is a test: of no case. Raises `NoSuchWebhook`."""
    _webhook(connection, client_id, by)
    webhook_events.add(connection, client_id, [Told.TEST], subject=None, case_id=None, at=now)
    _note(connection, "access", "send a test to system", client_id, by=by, now=now)


def _webhook(connection: Connection, client_id: str, by: Person) -> StoredWebhook:
    _client(connection, client_id, by)
    stored = webhooks.locked(connection, client_id)
    if stored is None:
        raise NoSuchWebhook
    return stored


def _client(connection: Connection, client_id: str, by: Person) -> api_clients.StoredClient:
    if not may(by, Action.KEEP_API_CLIENTS):
        raise NotTheirClients(by)
    client = api_clients.client(connection, client_id)
    if client is None:
        raise api_clients.NoSuchClient
    return client


def _note(connection: Connection, operation: str, what: str, client_id: str, *, by: Person, now: datetime) -> None:
    audit.write(connection, at=now, operation=operation, what=f"{what} {client_id}", person=by)


class WebhookRefused(ValueError):
    """An address or kinds that cannot be; `field` is the one to correct."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)

"""Where a system of an agency is told something, and what came of each attempt: for those who keep systems.

They reach no case: what was told is shown by its kind and its id, and not by what it was about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from victimcare.domain.agencies import SUPPORT_SERVICE
from victimcare.domain.events_out import TOLD_TO, Told
from victimcare.domain.people import Action, Person, scope_of
from victimcare.store import api_clients
from victimcare.store.api_clients import NoSuchClient
from victimcare.store.tables import TO_BE_TOLD
from victimcare.store.webhook_events import ATTEMPTS, EVENTS_OUT, counts
from victimcare.store.webhooks import StoredWebhook, kinds_for, load

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class AttemptHere:
    """One attempt: what came of it as a code, and the status of the answer where there was one."""

    event_id: str
    kind: Told
    at: datetime
    outcome: str
    status: int | None
    milliseconds: int

    @property
    def is_taken(self) -> bool:
        """Whether the system took it."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class ToldSystem:
    """A system, where it is told (None: nowhere), what it can be told of, and the last attempts."""

    id: str
    name: str
    disabled: bool
    choices: tuple[Told, ...]
    webhook: StoredWebhook | None
    counts: Mapping[str, int]
    attempts: tuple[AttemptHere, ...]

    @property
    def waiting(self) -> int:
        """How many wait to be told, or to be tried again."""
        return self.counts.get("waiting", 0) + self.counts.get("leased", 0)

    @property
    def missed(self) -> int:
        """How many it was not told of, and can be sent again."""
        return self.counts.get("failed", 0) + self.counts.get("held", 0)


def told_system(connection: Connection, *, person: Person, client_id: str) -> ToldSystem:
    """One of them. Raises `NoSuchClient`."""
    client = api_clients.client(connection, client_id)
    if client is None or scope_of(person, Action.KEEP_API_CLIENTS) is None:
        raise NoSuchClient
    kinds = TOLD_TO.get(client.person.agency or SUPPORT_SERVICE, ())  # the force's own systems are told nothing
    allowed = kinds_for(kinds, client.scopes)
    return ToldSystem(
        id=client_id,
        name=client.person.name,
        disabled=client.disabled,
        choices=tuple(kind for kind in kinds if kind in allowed),
        webhook=load(connection, client_id),
        counts=counts(connection, client_id),
        attempts=_attempts(connection, client_id),
    )


def events_waiting(connection: Connection) -> int:
    """How many wait to be told, of all systems."""
    wanted = select(func.count()).select_from(EVENTS_OUT).where(text(TO_BE_TOLD))
    return int(connection.execute(wanted).scalar_one())


def _attempts(connection: Connection, client_id: str) -> tuple[AttemptHere, ...]:
    columns = (ATTEMPTS, EVENTS_OUT.c.kind)
    joined = ATTEMPTS.join(EVENTS_OUT, EVENTS_OUT.c.id == ATTEMPTS.c.event_id)
    wanted = select(*columns).select_from(joined).where(EVENTS_OUT.c.person_id == client_id)
    rows = connection.execute(wanted.order_by(ATTEMPTS.c.id.desc()).limit(MOST_SHOWN))
    return tuple(_attempt(row) for row in rows)


def _attempt(row: Any) -> AttemptHere:
    return AttemptHere(row.event_id, Told(row.kind), row.at, row.outcome, row.status, row.milliseconds)

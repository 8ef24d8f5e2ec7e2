"""The systems of other agencies that are registered: for those who keep them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from victimcare.domain.agencies import OWN_AGENCY, SUPPORT_SERVICE
from victimcare.domain.api_scopes import SCOPES_OF, ApiScope
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person, scope_of
from victimcare.store.api_clients import CLIENTS, NoSuchClient, scopes_of, tokens_now
from victimcare.store.services import SERVICES
from victimcare.store.staff import PEOPLE, areas_of


@dataclass(frozen=True, slots=True)
class ClientHere:
    """A system: whose, what it may ask for, of which areas or referrals."""

    id: str
    name: str
    agency: str
    scopes: tuple[ApiScope, ...]
    areas: tuple[str, ...]
    service: str | None
    source: str
    disabled: bool
    secret_made_at: datetime
    registered_at: datetime

    @property
    def brings_records(self) -> bool:
        """Whether it is the force's own."""
        return ApiScope.BRING_RECORDS in self.scopes


@dataclass(frozen=True, slots=True)
class OneClient:
    """One of them, and how many tokens of it are good now."""

    client: ClientHere
    tokens: int


def api_clients_here(connection: Connection, *, person: Person, law: Law) -> tuple[ClientHere, ...]:
    """Every system, by name, those disabled last; none for those who do not keep them."""
    if scope_of(person, Action.KEEP_API_CLIENTS) is None:
        return ()
    rows = connection.execute(_all().order_by(CLIENTS.c.disabled, PEOPLE.c.name, PEOPLE.c.id))
    names = agencies_with_systems(law)
    return tuple(_here(row, names) for row in rows)


def one_api_client(connection: Connection, *, person: Person, client_id: str, law: Law, now: datetime) -> OneClient:
    """One of them. Raises `NoSuchClient`."""
    row = connection.execute(_all().where(CLIENTS.c.person_id == client_id)).first()
    if row is None or scope_of(person, Action.KEEP_API_CLIENTS) is None:
        raise NoSuchClient
    return OneClient(_here(row, agencies_with_systems(law)), tokens_now(connection, client_id, at=now))


def agencies_with_systems(law: Law) -> Mapping[str, str]:
    """Every agency that can have a system here, with its name."""
    names = {code: name for edition in law.code.editions for code, name in edition.agencies.items()}
    of_others = {code: names.get(code, code) for code in SCOPES_OF if code in names}
    return of_others | {SUPPORT_SERVICE: "Support service", OWN_AGENCY: "The force’s own records system"}


def _all() -> Select[Any]:
    columns = (CLIENTS, PEOPLE.c.name, PEOPLE.c.areas, SERVICES.c.name.label("service"))
    joined = CLIENTS.join(PEOPLE, PEOPLE.c.id == CLIENTS.c.person_id)
    return select(*columns).select_from(joined.outerjoin(SERVICES, SERVICES.c.id == PEOPLE.c.service_id))


def _here(row: Any, names: Mapping[str, str]) -> ClientHere:
    return ClientHere(
        id=row.person_id,
        name=row.name,
        agency=names.get(row.agency, row.agency),
        scopes=tuple(sorted(scopes_of(row.scopes))),
        areas=tuple(sorted(areas_of(row.areas))),
        service=row.service,
        source=row.source,
        disabled=row.disabled,
        secret_made_at=row.secret_made_at,
        registered_at=row.registered_at,
    )

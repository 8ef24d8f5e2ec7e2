"""Keep the systems of other agencies: register one, give it another secret, disable it; its tokens end at once."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.agencies import OWN_AGENCY, SUPPORT_SERVICE
from victimcare.domain.api_scopes import SCOPES_OF, ApiScope
from victimcare.domain.people import Action, Person, may
from victimcare.domain.sources import is_source
from victimcare.store import api_clients, audit, services, staff, staffing


@dataclass(frozen=True, slots=True)
class NewClient:
    """A system to register: of an agency of the Code in these areas, of a service of the directory, the force's own,
    which brings the records of one `source`."""

    name: str
    agency: str
    scopes: Collection[ApiScope]
    areas: frozenset[str] = frozenset()
    service_id: str | None = None
    source: str = ""


def register_client(connection: Connection, *, new: NewClient, by: Person, now: datetime) -> str:
    """Store it, without a secret that anybody knows, and return its id. Raises `ClientRefused`."""
    _check_keeper(by)
    _check(connection, new)
    client_id = staffing.add_system(connection, name=new.name, areas=new.areas, service_id=new.service_id)
    unknown = secrets.token_urlsafe(32)
    api_clients.add_client(
        connection,
        client_id,
        agency=new.agency,
        source=new.source,
        scopes=new.scopes,
        secret=unknown,
        by=by,
        at=now,
    )
    _note(connection, "collection", "register system", client_id, by=by, now=now)
    return client_id


def give_client_secret(connection: Connection, *, client_id: str, by: Person, now: datetime) -> str:
    """A secret, shown this once: the one of before and its tokens are worth nothing any more. Raises `NoSuchClient`."""
    _check_keeper(by)
    _known(connection, client_id)
    secret = secrets.token_urlsafe(32)
    api_clients.set_secret(connection, client_id, secret, at=now)
    _note(connection, "access", "give a secret to system", client_id, by=by, now=now)
    return secret


def disable_client(connection: Connection, *, client_id: str, by: Person, now: datetime) -> None:
    """It is answered nothing from now on. Raises `NoSuchClient`."""
    _switch(connection, client_id, "disable system", disabled=True, by=by, now=now)


def enable_client(connection: Connection, *, client_id: str, by: Person, now: datetime) -> None:
    """It can take tokens again, with the secret that it has. Raises `NoSuchClient`."""
    _switch(connection, client_id, "enable system", disabled=False, by=by, now=now)


def _switch(connection: Connection, client_id: str, what: str, *, disabled: bool, by: Person, now: datetime) -> None:
    _check_keeper(by)
    _known(connection, client_id)
    api_clients.set_disabled(connection, client_id, disabled=disabled)
    _note(connection, "access", what, client_id, by=by, now=now)


def _check(connection: Connection, new: NewClient) -> None:
    of_service = new.agency == SUPPORT_SERVICE
    if new.agency not in SCOPES_OF:
        raise ClientRefused("agency", "Choose an agency")
    if not new.scopes:
        raise ClientRefused("scopes", "Choose what it may ask for")
    if not set(new.scopes) <= SCOPES_OF[new.agency]:
        only = "; ".join(scope.in_words for scope in sorted(SCOPES_OF[new.agency]))
        raise ClientRefused("scopes", f"Choose for this agency only: {only}")
    if of_service and (new.service_id is None or not services.exists(connection, new.service_id)):
        raise ClientRefused("service", "Choose the service whose system it is")
    if not of_service and new.service_id is not None:
        raise ClientRefused("service", "Choose no service: this agency is none of the directory")
    if of_service and new.areas:
        raise ClientRefused("areas", "Choose no area: a service has the referrals that were sent to it")
    if new.agency == OWN_AGENCY and new.areas:
        raise ClientRefused("areas", "Choose no area: what the force’s own system brings is of every area")
    if new.agency not in (SUPPORT_SERVICE, OWN_AGENCY) and not new.areas:
        raise ClientRefused("areas", "Choose the areas whose cases it is for")
    if not new.areas <= set(staff.areas(connection)):
        raise ClientRefused("areas", "Choose from the areas shown")
    if new.agency == OWN_AGENCY and not is_source(new.source):
        raise ClientRefused("source", "Enter what its records are known as here, such as rms: small letters and digits")
    if new.agency != OWN_AGENCY and new.source:
        raise ClientRefused("source", "Enter nothing here: only the force’s own system brings records")


def _known(connection: Connection, client_id: str) -> None:
    if api_clients.client(connection, client_id) is None:
        raise api_clients.NoSuchClient


def _check_keeper(by: Person) -> None:
    if not may(by, Action.KEEP_API_CLIENTS):
        raise NotTheirClients(by)


def _note(connection: Connection, operation: str, what: str, client_id: str, *, by: Person, now: datetime) -> None:
    audit.write(connection, at=now, operation=operation, what=f"{what} {client_id}", person=by)


class ClientRefused(ValueError):
    """Agency, scopes, areas and service do not go together; `field` is the one to correct."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)


class NotTheirClients(PermissionError):
    """Somebody whose role does not keep systems of agencies asked to."""

    def __init__(self, person: Person) -> None:
        super().__init__(f"your role ({person.role.value}) does not keep the systems of agencies")

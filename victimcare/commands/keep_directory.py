"""Keep the directory of services: add an entry, change it, say that it was checked, retire it. None is deleted."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.domain.calendar import london_date
from victimcare.domain.directory import Delivery, Service
from victimcare.domain.people import Action, Person, may
from victimcare.notices.sealing import BadCertificate, usable_until
from victimcare.store import audit, services
from victimcare.store.services import NoSuchService

__all__ = [
    "BadCertificate",
    "DirectoryChanged",
    "NameTaken",
    "NoSuchService",
    "add_service",
    "change_service",
    "retire_service",
]


def add_service(connection: Connection, *, service: Service, by: Person, now: datetime) -> str:
    """Add an entry, checked today, and return its id. Raises `NameTaken`, `BadCertificate`, `NotTheirDirectory`."""
    _check(connection, service, by=by, now=now)
    made = replace(service, id=secrets.token_hex(6), checked_on=london_date(now))
    services.add(connection, [made], by=by.id, at=now)
    audit.write(connection, at=now, operation="collection", what="add service", person=by)
    return made.id


def change_service(connection: Connection, *, service: Service, seen_version: int, by: Person, now: datetime) -> None:
    """Write the entry as it is now, and that it was checked today.

    Raises `NameTaken`, `BadCertificate`, `DirectoryChanged`, `NoSuchService`, `NotTheirDirectory`.
    """
    _check(connection, service, by=by, now=now)
    checked = replace(service, checked_on=london_date(now))
    _write(connection, service.id, seen_version, services.service_row(checked), what="change service", by=by, now=now)


def retire_service(
    connection: Connection, *, service_id: str, seen_version: int, by: Person, now: datetime, on: date | None = None
) -> None:
    """From `on` (London date; today) nobody is referred to it; referrals that were made go on."""
    if not may(by, Action.KEEP_DIRECTORY):
        raise NotTheirDirectory(by)
    values = {"retired_on": on or london_date(now)}
    _write(connection, service_id, seen_version, values, what="retire service", by=by, now=now)


def _check(connection: Connection, service: Service, *, by: Person, now: datetime) -> None:
    if not may(by, Action.KEEP_DIRECTORY):
        raise NotTheirDirectory(by)
    if services.name_is_taken(connection, service.name, but=service.id or None):
        raise NameTaken
    if service.delivery is Delivery.EMAIL:
        usable_until(service.certificate, now=now)


def _write(
    connection: Connection,
    service_id: str,
    seen_version: int,
    values: Mapping[str, Any],
    *,
    what: str,
    by: Person,
    now: datetime,
) -> None:
    services.load(connection, service_id)
    noted = {**values, "changed_by": by.id, "changed_at": now}
    if not services.change(connection, service_id, version=seen_version, values=noted):
        raise DirectoryChanged
    audit.write(connection, at=now, operation="alteration", what=what, person=by)


class NameTaken(ValueError):
    """Another entry has this name already, perhaps one that was retired."""

    def __init__(self) -> None:
        super().__init__("another service of the directory has this name already, perhaps one that was retired")


class DirectoryChanged(RuntimeError):
    """Somebody else changed the entry after it was opened."""

    def __init__(self) -> None:
        super().__init__("somebody else changed this entry while you were writing: open it again")


class NotTheirDirectory(PermissionError):
    """Somebody whose role does not keep the directory asked to change it."""

    def __init__(self, person: Person) -> None:
        super().__init__(f"your role ({person.role.value}) does not keep the directory of services")

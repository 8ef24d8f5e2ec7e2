"""The directory of services in the database, and what was sent to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from victimcare.domain.directory import Capacity, Delivery, Service
from victimcare.store.many import insert_rows
from victimcare.store.tables import SentReferral, ServiceRow

SERVICES = ServiceRow.__table__  # type: ignore[attr-defined]
SENT = SentReferral.__table__  # type: ignore[attr-defined]


def service_row(service: Service) -> dict[str, Any]:
    """The columns of an entry that say what the service is."""
    return {
        "id": service.id,
        "name": service.name,
        "areas": _listed(service.areas),
        "needs": _listed(service.needs),
        "specialisms": _listed(service.specialisms),
        "languages": _listed(service.languages),
        "age_from": service.age_from,
        "age_to": service.age_to,
        "capacity": service.capacity.value,
        "contact_way": service.contact_way,
        "listed_first": service.first,
        "delivery": service.delivery.value,
        "email": service.email or None,
        "certificate": service.certificate or None,
        "checked_on": service.checked_on,
    }


def service_of(row: Any) -> Service:
    """The entry of a row of `service`."""
    return Service(
        id=row.id,
        name=row.name,
        areas=_codes(row.areas),
        needs=_codes(row.needs),
        specialisms=_codes(row.specialisms),
        languages=_codes(row.languages),
        age_from=row.age_from,
        age_to=row.age_to,
        capacity=Capacity(row.capacity),
        contact_way=row.contact_way,
        checked_on=row.checked_on,
        first=row.listed_first,
        delivery=Delivery(row.delivery),
        email=row.email or "",
        certificate=row.certificate or "",
    )


def current(connection: Connection) -> list[Service]:
    """Every entry that is not retired."""
    rows = connection.execute(select(SERVICES).where(SERVICES.c.retired_on.is_(None)).order_by(SERVICES.c.name))
    return [service_of(row) for row in rows]


def load(connection: Connection, service_id: str) -> Any:
    """The row of this entry, retired or not, locked until the transaction ends. Raises `NoSuchService`."""
    row = connection.execute(select(SERVICES).where(SERVICES.c.id == service_id).with_for_update()).first()
    if row is None:
        raise NoSuchService
    return row


def add(connection: Connection, services: Sequence[Service], *, by: str, at: datetime) -> None:
    """Store new entries."""
    insert_rows(
        connection,
        SERVICES,
        [{**service_row(each), "version": 1, "changed_by": by, "changed_at": at} for each in services],
    )


def change(connection: Connection, service_id: str, *, version: int, values: Mapping[str, Any]) -> bool:
    """Write these columns; False where somebody else changed the entry after that version."""
    unchanged = (SERVICES.c.id == service_id) & (SERVICES.c.version == version)
    written = connection.execute(update(SERVICES).where(unchanged).values(version=version + 1, **values))
    return written.rowcount == 1


def exists(connection: Connection, service_id: str | None) -> bool:
    """Whether there is an entry of this id, retired or not: referrals to a retired one go on."""
    return connection.execute(select(SERVICES.c.id).where(SERVICES.c.id == service_id)).first() is not None


def name_is_taken(connection: Connection, name: str, *, but: str | None) -> bool:
    """Whether another entry has this name, as people read it."""
    rows = connection.execute(select(SERVICES.c.id, SERVICES.c.name))
    return any(row.name.casefold() == name.casefold() and row.id != but for row in rows)


def add_sent(
    connection: Connection,
    *,
    event_key: str,
    case_id: int,
    service_id: str,
    fields: Sequence[str],
    content_hash: str,
    told_no_safe_way: bool,
    by: str,
    at: datetime,
) -> None:
    """Keep what of a case went to a service."""
    connection.execute(
        insert(SENT).values(
            event_key=event_key,
            case_id=case_id,
            service_id=service_id,
            fields=",".join(fields),
            content_hash=content_hash,
            told_no_safe_way=told_no_safe_way,
            sent_by=by,
            sent_at=at,
        )
    )


def _listed(codes: frozenset[str]) -> str:
    return ",".join(sorted(codes))


def _codes(listed: str) -> frozenset[str]:
    return frozenset(code for code in listed.split(",") if code)


class NoSuchService(LookupError):
    """No entry of the directory has this id."""

    def __init__(self) -> None:
        super().__init__("there is no such service in the directory")

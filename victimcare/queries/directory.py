"""The directory of services as those who keep it see it: it says nothing of any case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from victimcare.domain.directory import Service
from victimcare.domain.people import Action, Person, scope_of
from victimcare.domain.referral_policy import ReferralPolicy
from victimcare.store.services import SERVICES, NoSuchService, service_of


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with how it stands on the day asked."""

    service: Service
    version: int
    out_of_date: bool
    retired_on: date | None


@dataclass(frozen=True, slots=True)
class Directory:
    """Every entry: those in use, out-of-date ones first, then those that were retired."""

    entries: tuple[Entry, ...]
    retired: tuple[Entry, ...]
    checked_every_days: int

    @property
    def out_of_date(self) -> int:
        """How many entries in use should be checked again."""
        return sum(entry.out_of_date for entry in self.entries)


def directory(connection: Connection, *, person: Person, today: date, policy: ReferralPolicy) -> Directory:
    """The whole directory; an empty one for those who do not keep it."""
    allowed = scope_of(person, Action.KEEP_DIRECTORY) is not None
    rows = connection.execute(select(SERVICES).order_by(SERVICES.c.name)).all() if allowed else []
    entries = [_entry(row, today, policy) for row in rows]
    in_use = [entry for entry in entries if entry.retired_on is None]
    return Directory(
        entries=tuple(sorted(in_use, key=lambda entry: (not entry.out_of_date, not entry.service.first))),
        retired=tuple(entry for entry in entries if entry.retired_on is not None),
        checked_every_days=policy.checked_every_days,
    )


def directory_entry(
    connection: Connection, *, person: Person, service_id: str, today: date, policy: ReferralPolicy
) -> Entry:
    """One entry, for those who keep the directory. Raises `NoSuchService`."""
    row = connection.execute(select(SERVICES).where(SERVICES.c.id == service_id)).first()
    if row is None or scope_of(person, Action.KEEP_DIRECTORY) is None:
        raise NoSuchService
    return _entry(row, today, policy)


def _entry(row: Any, today: date, policy: ReferralPolicy) -> Entry:
    in_use = row.retired_on is None
    out_of_date = in_use and policy.is_out_of_date(row.checked_on, today)
    return Entry(service_of(row), row.version, out_of_date, row.retired_on)

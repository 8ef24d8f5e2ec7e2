"""Building the demonstration database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.open_account import open_account
from victimcare.domain.calendar import london_date
from victimcare.domain.law import Law
from victimcare.exchange.demonstration.invention import InventedCase, Invention
from victimcare.exchange.demonstration.people import PASSPHRASE, Establishment, Staff, establishment
from victimcare.store import bulk, installation, staff
from victimcare.store.cases import Recording
from victimcare.store.database import Database
from victimcare.store.vault import NewContactPoint, Vault, add_contact_points

SOURCE = "demonstration"
DEFAULT_SEED = 1
DEFAULT_VICTIMS = 2000
_CRIMES_IN_CHUNK = 150

Progress = Callable[[int], None]
"""Called with the number of victims that were added since the last call."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What was built, and who can sign in to it with the passphrase."""

    victims: int
    accounts: tuple[Staff, ...]
    passphrase: str = PASSPHRASE


def build_demonstration(
    database: Database,
    *,
    law: Law,
    vault: Vault,
    now: datetime,
    victims: int = DEFAULT_VICTIMS,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> Demonstration:
    """Fill an empty database with invented people and 18 months of their journeys up to `now` (UTC instant).

    The same `seed`, `victims` and `now` make the same content. Raises `NotEmpty`.
    """
    chance = Random(seed)  # noqa: S311 - the same seed must make the same demonstration
    people = establishment(chance, today=london_date(now))
    with database.writing() as connection:
        if installation.holds_cases(connection):
            raise NotEmpty
        _settle_in(connection, people, now)
    crimes = Invention(chance=chance, law=law, now=now, people=people).crimes(victims=victims)
    recording = Recording(staff.SYSTEM, now, "build demonstration", "collection", source=SOURCE)
    while chunk := list(islice(crimes, _CRIMES_IN_CHUNK)):
        with database.writing() as connection:
            _store(connection, chunk, recording, law, vault)
        if progress:
            progress(sum(len(cases) for _, cases in chunk))
    return Demonstration(victims, people.accounts)


def _settle_in(connection: Connection, people: Establishment, now: datetime) -> None:
    """Everybody who works here, and accounts that exist in a demonstration only."""
    installation.set_value(connection, "demonstration", "true")
    staff.ensure_system(connection)
    teams = [
        {"id": team.id, "name": team.name, "area": team.area, "duty_supervisor_id": team.supervisor_id}
        for team in people.teams
    ]
    installation.add_staff(connection, teams=teams, people=[_row(person) for person in people.staff])
    for person in people.accounts:
        open_account(
            connection,
            person_id=person.id,
            username=str(person.username),
            password=PASSPHRASE,
            by=staff.SYSTEM,
            now=now,
        )


def _row(person: Staff) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "role": person.role.value,
        "team_id": person.team_id,
        "email": person.email,
        "specialisms": ",".join(sorted(person.specialisms)),
        "capacity": person.capacity,
        "active": True,
        "absent_from_on": person.absent_from_on,
        "absent_until_on": person.absent_until_on,
    }


def _store(
    connection: Connection,
    chunk: Sequence[tuple[bulk.CrimeWithCases, Sequence[InventedCase]]],
    recording: Recording,
    law: Law,
    vault: Vault,
) -> None:
    stored = bulk.open_cases(connection, [crime for crime, _ in chunk], recording=recording, law=law)
    ids = {case.case.ref: case.id for case in stored}
    add_contact_points(connection, list(_contact_points(chunk, ids)), vault)


def _contact_points(
    chunk: Sequence[tuple[bulk.CrimeWithCases, Sequence[InventedCase]]], ids: dict[str, int]
) -> Iterator[NewContactPoint]:
    for _, cases in chunk:
        for invented in cases:
            for number, point in enumerate(invented.victim.contact_points, start=1):
                row_id = f"{invented.ref}-{number}"
                yield NewContactPoint(row_id, ids[invented.ref], point.kind, point.value, point.safety)


class NotEmpty(RuntimeError):
    """There are cases already: a demonstration is never mixed with them."""

    def __init__(self) -> None:
        super().__init__(
            "this database holds cases already, and a demonstration is never mixed with them: "
            "set VICTIMCARE_DATABASE_URL to a new database"
        )

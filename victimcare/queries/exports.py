"""Which files were taken out of the service, by whom and what for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from victimcare.domain.exports import Export, Purpose
from victimcare.domain.people import Person
from victimcare.queries.scope import for_the_board
from victimcare.store.exports import EXPORTS
from victimcare.store.staff import PEOPLE

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken."""

    export: Export
    of: str
    rows: int
    sha256: str
    purpose: Purpose
    by: str
    at: datetime


def files_taken(connection: Connection, *, person: Person) -> tuple[Taken, ...]:
    """The last hundred, the newest first. Raises `NotForTheBoard`."""
    for_the_board(person)
    joined = EXPORTS.join(PEOPLE, PEOPLE.c.id == EXPORTS.c.taken_by)
    newest = select(EXPORTS, PEOPLE.c.name).select_from(joined).order_by(EXPORTS.c.taken_at.desc()).limit(SHOWN)
    return tuple(
        Taken(Export(row.what), row.of, row.rows, row.sha256, Purpose(row.purpose), row.name, row.taken_at)
        for row in connection.execute(newest)
    )

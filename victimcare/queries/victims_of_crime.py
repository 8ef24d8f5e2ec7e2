"""The victims of a crime whose cases somebody may see: never how many more there are."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from victimcare.domain.people import Person
from victimcare.queries.scope import case_row, visible_cases
from victimcare.store.cases import CASES, VICTIMS


@dataclass(frozen=True, slots=True)
class VictimOfCrime:
    """A victim of the crime, by their case."""

    case_id: int
    ref: str
    name: str | None = field(repr=False)


def victims_of_crime(connection: Connection, *, person: Person, ref: str) -> tuple[VictimOfCrime, ...]:
    """The victims of the crime of this case that the person may see, that of the case first. Raises `NoSuchCase`."""
    case = case_row(connection, person, ref)
    joined = CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
    wanted = select(CASES.c.id, CASES.c.ref, VICTIMS.c.name).select_from(joined)
    mine = wanted.where(CASES.c.crime_id == case.crime_id, visible_cases(person))
    found = [VictimOfCrime(*row) for row in connection.execute(mine.order_by(CASES.c.ref))]
    return tuple(sorted(found, key=lambda each: each.case_id != case.id))

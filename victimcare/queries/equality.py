"""What the victim of one case answered of their characteristics."""

from __future__ import annotations

from sqlalchemy import Connection, select

from victimcare.domain.people import Person
from victimcare.queries.scope import case_row
from victimcare.store.equality import EQUALITY, Answer


def equality_answers(connection: Connection, *, person: Person, ref: str) -> dict[str, Answer]:
    """The answers by characteristic; one that is absent was not asked yet. Raises `NoSuchCase`."""
    victim_id = case_row(connection, person, ref).victim_id
    rows = connection.execute(select(EQUALITY).where(EQUALITY.c.victim_id == victim_id))
    return {row.characteristic: Answer(row.characteristic, row.answer, row.category, row.words) for row in rows}

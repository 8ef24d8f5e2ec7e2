"""All that a database holds, without the numbers that only say in which order rows were written."""

import json
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, text

from victimcare.store.database import Database

TABLES = {
    "crime": "SELECT source, source_ref, crime_type, area, fingerprint FROM crime",
    "victim": "SELECT c.ref AS of_case, v.name, v.searched_name, v.born_on, v.basis, v.language FROM victim v"
    " JOIN victim_case c ON c.victim_id = v.id",
    "victim_case": "SELECT c.ref, k.source_ref, c.officer_id, c.team_id, c.area, c.crime_type, c.tier, c.tier_until_on,"
    " c.opened_on, c.last_contact_on, c.held, c.status FROM victim_case c JOIN crime k ON k.id = c.crime_id",
    "assignment": "SELECT c.ref AS of_case, a.officer_id, a.team_id, a.from_at, a.until_at, a.why FROM assignment a"
    " JOIN victim_case c ON c.id = a.case_id",
    "journey_event": "SELECT c.ref AS of_case, e.* FROM journey_event e JOIN victim_case c ON c.id = e.case_id",
    "due": "SELECT c.ref AS of_case, d.* FROM due d JOIN victim_case c ON c.id = d.case_id",
    "breach": "SELECT c.ref AS of_case, b.* FROM breach b JOIN victim_case c ON c.id = b.case_id",
    "unmatched_outcome": "SELECT * FROM unmatched_outcome",
    "person": "SELECT * FROM person",
    "team": "SELECT * FROM team",
}
_NUMBERS = {"id", "case_id"}


def contents(connection: Connection) -> dict[str, list[str]]:
    """For each table its rows as text, in an order that follows from the text."""
    return {name: sorted(_text(row) for row in connection.execute(text(query))) for name, query in TABLES.items()}


def contents_hash(database: Database) -> str:
    """One hash of all that the database holds."""
    with database.reading() as connection:
        return sha256(json.dumps(contents(connection)).encode()).hexdigest()


def _text(row: Any) -> str:
    return json.dumps({name: value for name, value in row._mapping.items() if name not in _NUMBERS}, default=str)

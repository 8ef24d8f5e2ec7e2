"""All that the database holds of what came in, without the names that a run chooses by chance."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select

from tests.exchange.records.said import Records
from victimcare.store.breaches import BREACHES
from victimcare.store.cases import ASSIGNMENTS, CASES, CRIMES, VICTIMS
from victimcare.store.contact_points import HASHES, POINTS
from victimcare.store.dues import DUES
from victimcare.store.journeys import EVENTS
from victimcare.store.needs import ASSESSMENTS
from victimcare.store.source_records import RECORDS
from victimcare.store.victim_names import KEYS

BY_CHANCE = {"id", "ref", "key", "start_key", "ended_by", "point_id", "sealed", "corrects", "superseded_by", "id_hash"}
NUMBERS = {"case_id", "crime_id", "victim_id", "event_key", "crime_event_key"}


def everything(records: Records) -> dict[str, Any]:
    """By table, each row with the ids of its source in the place of our numbers, and how often there is one like it.

    Of breaches those that stand, and of what duty: one that an event of the same import takes back, or moves to another
    day, is written as it was before only where that was stored before.
    """
    with records.database.reading() as connection:
        names = _names(connection)
        tables = (CRIMES, VICTIMS, CASES, ASSIGNMENTS, EVENTS, DUES, POINTS, ASSESSMENTS, RECORDS, KEYS)
        found = {table.name: Counter(_rows(connection, table, names)) for table in tables}
        stands = BREACHES.c.overturned_by.is_(None)
        breaches = connection.execute(select(BREACHES).where(stands))
        found["breach"] = Counter((names[row.case_id], row.rule, row.right_number, row.owed_by) for row in breaches)
        wanted = select(POINTS.c.case_id, HASHES.c.part, HASHES.c.hash).join(POINTS, POINTS.c.id == HASHES.c.point_id)
        found["contact_hash"] = Counter((names[row[0]], *row[1:]) for row in connection.execute(wanted))
    return found


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The rows that only one of them has: - of the first, + of the second."""
    only = [("-", one, other), ("+", other, one)]
    return [f"{sign} {table} {row}" for sign, a, b in only for table in a for row in a[table] - b[table]]


def _names(connection: Any) -> dict[Any, str]:
    """What a source calls each case, crime, victim and event that is here."""
    names: dict[Any, str] = {None: ""}
    cases = connection.execute(
        select(CASES.c.id, CASES.c.victim_id, RECORDS.c.source_id)
        .join(RECORDS, RECORDS.c.case_id == CASES.c.id)
        .where(RECORDS.c.kind == "victim")
    )
    for row in cases:
        names[row.id] = names["victim", row.victim_id] = row.source_id
    for row in connection.execute(select(CRIMES.c.id, CRIMES.c.source_ref)):
        names["crime", row.id] = row.source_ref
    for row in connection.execute(select(RECORDS.c.event_key, RECORDS.c.kind, RECORDS.c.source_id)):
        names["event", row.event_key] = f"{row.kind}:{row.source_id}" if row.event_key else ""
    return names


def _rows(connection: Any, table: Table, names: dict[Any, str], *where: Any) -> list[str]:
    rows = connection.execute(select(table).where(*where)).mappings()
    return [
        str([(name, _told(name, value, names)) for name, value in row.items() if name not in BY_CHANCE]) for row in rows
    ]


def _told(name: str, value: Any, names: dict[Any, str]) -> Any:
    if name not in NUMBERS:
        # To the second: of two that are recorded at once, which is first by a millionth follows from their keys.
        return value.replace(microsecond=0) if isinstance(value, datetime) else value
    if name == "case_id":
        return names[value]
    kind = {"crime_id": "crime", "victim_id": "victim"}.get(name, "event")
    # What happened to the crime by its own record has a key that no record names.
    return value and names.get((kind, value), "shared")

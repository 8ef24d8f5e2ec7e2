"""Writing many cases at once, for imports and demonstrations.

The rows are those that recording one by one would make, derived by the same functions, in far fewer statements.
The caller makes the chunks: `CHUNK` cases in one transaction take under a quarter of a second, so nobody waits long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, select, text, update

from victimcare.domain.case import Case
from victimcare.domain.entitlements import Entitlement
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import JourneyEvent
from victimcare.domain.law import Law
from victimcare.store import audit, breaches, dues
from victimcare.store.cases import (
    ASSIGNMENTS,
    CASES,
    CRIMES,
    VICTIMS,
    CaseChanged,
    Recording,
    StoredCase,
    assignment_row,
    case_columns,
    case_row,
    victim_row,
)
from victimcare.store.database import is_sqlite
from victimcare.store.dues import DUES
from victimcare.store.journeys import EVENTS, event_row
from victimcare.store.law_in_force import law_now
from victimcare.store.many import insert_rows

CHUNK = 500
"""Cases that one transaction should open or change at most."""

Owes = tuple[tuple[Entitlement, ...], list[dict[str, Any]]]
"""What a case owes, and the due rows that say so."""


@dataclass(frozen=True, slots=True)
class VictimCase:
    """A new case with all that is already known of its journey, and the victim whose it is.

    `recorded_by` and `crime_event_keys` are by event key: the person who recorded it, where that is not who writes
    the chunk, and the key that all copies share of something that happened to the crime. `owes` is what `dues.derive`
    says of the case, where it was asked before; `opened_on` the day (London date) that it is counted from, where that
    does not follow from all of its journey.
    """

    case: Case
    name: str | None = None
    born_on: date | None = None
    basis: str = "direct"
    language: str = "en"
    held: bool = False
    recorded_by: Mapping[str, str] = field(default_factory=dict)
    crime_event_keys: Mapping[str, str] = field(default_factory=dict)
    owes: Owes | None = None
    opened_on: date | None = None


@dataclass(frozen=True, slots=True)
class CrimeWithCases:
    """A new crime and the case of each of its victims; a crime without a victim has none."""

    source: str
    source_ref: str
    crime_type: str
    area: str
    cases: Sequence[VictimCase] = ()
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class ChangedCase:
    """A stored case, locked, and what it became by recording further events."""

    before: StoredCase
    after: Case

    @property
    def events(self) -> tuple[JourneyEvent, ...]:
        """The events that were recorded."""
        return self.after.journey.events[len(self.before.case.journey.events) :]


def open_cases(
    connection: Connection, crimes: Sequence[CrimeWithCases], *, recording: Recording, law: Law
) -> list[StoredCase]:
    """Store the crimes and the cases of their victims, in one transaction with one audit row; returns the cases."""
    law = law_now(connection, law)
    crime_ids = _new_ids(connection, CRIMES, len(crimes))
    to_open = [(crime_id, new) for crime_id, crime in zip(crime_ids, crimes, strict=True) for new in crime.cases]
    victim_ids = _new_ids(connection, VICTIMS, len(to_open))
    case_ids = _new_ids(connection, CASES, len(to_open))
    opened = [
        StoredCase(case_id, crime_id, victim_id, new.case)
        for case_id, victim_id, (crime_id, new) in zip(case_ids, victim_ids, to_open, strict=True)
    ]
    rows = _Rows()
    rows.crimes = [_crime_row(crime_id, crime) for crime_id, crime in zip(crime_ids, crimes, strict=True)]
    for stored, (_, new) in zip(opened, to_open, strict=True):
        rows.add_case(stored, new, recording, law)
    rows.write(connection, recording)
    _audit(connection, recording, case_ids)
    return opened


def append_events(connection: Connection, changes: Sequence[ChangedCase], *, recording: Recording, law: Law) -> None:
    """Store what was recorded on cases that are already stored, in one transaction with one audit row.

    Raises `CaseChanged` if somebody else wrote to one of them since it was loaded.
    """
    if not changes:
        return
    law = law_now(connection, law)
    _update_cases(connection, changes, law, today=recording.on)
    rows = [
        event_row(event, case_id=change.before.id, recorded_by=recording.by.id, source=recording.source)
        for change in changes
        for event in change.events
    ]
    insert_rows(connection, EVENTS, rows)
    _hand_over(connection, changes)
    derived = {change.before.id: dues.derive(change.before.id, change.after, law) for change in changes}
    dues.project(connection, {case_id: due_rows for case_id, (_, due_rows) in derived.items()})
    settlements = [
        breaches.Settlement(change.before.id, *derived[change.before.id], by_event=change.events[-1].key)
        for change in changes
    ]
    breaches.settle(connection, settlements, today=recording.on, now=recording.at)
    _audit(connection, recording, list(derived))


@dataclass
class _Rows:
    """The rows of one chunk of new cases."""

    crimes: list[dict[str, Any]] = field(default_factory=list)
    victims: list[dict[str, Any]] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)
    assignments: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    dues: list[dict[str, Any]] = field(default_factory=list)
    late: list[dict[str, Any]] = field(default_factory=list)

    def add_case(self, stored: StoredCase, new: VictimCase, recording: Recording, law: Law) -> None:
        self.victims.append(_victim_row(stored.victim_id, new))
        ids = {"id": stored.id, "crime_id": stored.crime_id, "victim_id": stored.victim_id}
        row = case_row(new.case, law, today=recording.on, held=new.held)
        self.cases.append(ids | row | ({"opened_on": new.opened_on} if new.opened_on else {}))
        events = new.case.journey.events
        self.assignments += _assignment_rows(stored.id, events)
        for event in events:
            self.events.append(
                event_row(
                    event,
                    case_id=stored.id,
                    recorded_by=new.recorded_by.get(event.key, recording.by.id),
                    source=recording.source,
                    crime_event_key=new.crime_event_keys.get(event.key),
                )
            )
        entitlements, due_rows = new.owes or dues.derive(stored.id, new.case, law)
        if new.owes:
            due_rows = [row | {"case_id": stored.id} for row in due_rows]
        self.dues += due_rows
        self.late += breaches.late_rows(entitlements, due_rows, today=recording.on)

    def write(self, connection: Connection, recording: Recording) -> None:
        insert_rows(connection, CRIMES, self.crimes)
        insert_rows(connection, VICTIMS, self.victims)
        insert_rows(connection, CASES, self.cases)
        insert_rows(connection, ASSIGNMENTS, self.assignments)
        insert_rows(connection, EVENTS, self.events)
        insert_rows(connection, DUES, self.dues)
        breaches.write(connection, self.late, now=recording.at)


def _crime_row(crime_id: int, crime: CrimeWithCases) -> dict[str, Any]:
    return {
        "id": crime_id,
        "source": crime.source,
        "source_ref": crime.source_ref,
        "crime_type": crime.crime_type,
        "area": crime.area,
        "fingerprint": crime.fingerprint,
    }


def _victim_row(victim_id: int, new: VictimCase) -> dict[str, Any]:
    return victim_row(id=victim_id, name=new.name, born_on=new.born_on, basis=new.basis, language=new.language)


def _assignment_rows(case_id: int, events: Iterable[JourneyEvent]) -> list[dict[str, Any]]:
    """One period for each case officer in turn, without a gap; the last one has no end."""
    assigned = [event for event in events if event.kind is EventKind.OFFICER_ASSIGNED]
    assigned.sort(key=lambda event: (event.recorded_at, event.key))
    rows = [assignment_row(case_id, event) for event in assigned]
    for earlier, later in pairwise(rows):
        earlier["until_at"] = later["from_at"]
    return rows


def _update_cases(connection: Connection, changes: Sequence[ChangedCase], law: Law, *, today: date) -> None:
    rows = [
        {
            "of_id": change.before.id,
            "seen_version": change.before.case.version,
            "version": change.after.version,
            **case_columns(change.after.journey, law, today=today),
        }
        for change in changes
    ]
    unchanged_since = (CASES.c.id == bindparam("of_id")) & (CASES.c.version == bindparam("seen_version"))
    if connection.execute(update(CASES).where(unchanged_since), rows).rowcount != len(changes):
        raise CaseChanged(changes[0].after.ref)


def _hand_over(connection: Connection, changes: Sequence[ChangedCase]) -> None:
    rows = [row for change in changes for row in _assignment_rows(change.before.id, change.events)]
    if not rows:
        return
    begun: dict[int, Any] = {}
    for row in rows:
        begun.setdefault(row["case_id"], row["from_at"])
    ends = [{"of_case": case_id, "until_at": from_at} for case_id, from_at in begun.items()]
    current = (ASSIGNMENTS.c.case_id == bindparam("of_case")) & ASSIGNMENTS.c.until_at.is_(None)
    connection.execute(update(ASSIGNMENTS).where(current), ends)
    insert_rows(connection, ASSIGNMENTS, rows)
    taken = [{"of_id": c.before.id, "held": False} for c in changes if c.after.holder != c.before.case.holder]
    if taken:
        connection.execute(update(CASES).where(CASES.c.id == bindparam("of_id")), taken)


def _audit(connection: Connection, recording: Recording, case_ids: Sequence[int]) -> None:
    audit.write(
        connection,
        at=recording.at,
        operation=recording.operation,
        what=recording.what,
        person=recording.by,
        case_ids=case_ids,
    )


def _new_ids(connection: Connection, table: Table, count: int) -> list[int]:
    """Ids for new rows. On SQLite the write lock keeps them ours; on PostgreSQL they come from the sequence."""
    if count == 0:
        return []
    if is_sqlite(connection):
        last = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        return list(range(last + 1, last + 1 + count))
    statement = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
    return list(connection.execute(statement, {"name": table.name, "count": count}).scalars())

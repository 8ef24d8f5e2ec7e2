"""Crimes by the source they came from, and published outcomes that wait for theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, delete, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from victimcare.domain.people import Role
from victimcare.domain.references import crime_references
from victimcare.store.cases import CASES, CRIMES, NOT_DISPOSED
from victimcare.store.database import is_sqlite
from victimcare.store.journeys import EVENTS
from victimcare.store.staff import PEOPLE, TEAMS
from victimcare.store.tables import UnmatchedOutcome

_POLICE_UK = "police-uk"
_UNMATCHED = UnmatchedOutcome.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class WaitingOutcome:
    """A published outcome whose crime is not in the database (yet)."""

    key: str
    source_ref: str
    happened_on: date
    outcome: str


@dataclass(frozen=True, slots=True)
class CaseOfCrime:
    """A case of a stored crime; `opened_on` is its earliest London date."""

    id: int
    ref: str
    opened_on: date


def lock_imports(connection: Connection) -> None:
    """Let one import at a time write; SQLite lets only one writer in anyway."""
    if not is_sqlite(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('victimcare import'))"))


def lock(connection: Connection, *, crime_id: int | None, case_id: int | None) -> None:
    """Lock the crime, or that of this case, before any of its cases: so does whoever writes to more than one."""
    if is_sqlite(connection) or (crime_id is None and case_id is None):
        return
    of_case = select(CASES.c.crime_id).where(CASES.c.id == case_id).scalar_subquery()
    mine = CRIMES.c.id == (of_case if crime_id is None else crime_id)
    connection.execute(select(CRIMES.c.id).where(mine).with_for_update(key_share=True))


def fingerprints(connection: Connection, *, source: str, refs: Sequence[str]) -> dict[str, str | None]:
    """The fingerprint of each of these crimes that is stored, by its reference at the source."""
    statement = select(CRIMES.c.source_ref, CRIMES.c.fingerprint).where(_of(source, refs))
    return {row.source_ref: row.fingerprint for row in connection.execute(statement)}


def cases_of(connection: Connection, *, source: str, refs: Sequence[str]) -> dict[str, list[CaseOfCrime]]:
    """For each of these crimes that is stored, its cases: none where it has no victim."""
    statement = (
        select(CRIMES.c.source_ref, CASES.c.id, CASES.c.ref, CASES.c.opened_on)
        .outerjoin(CASES, CASES.c.crime_id == CRIMES.c.id)
        .where(_of(source, refs))
        .order_by(CASES.c.ref)
    )
    found: dict[str, list[CaseOfCrime]] = {}
    for row in connection.execute(statement):
        cases = found.setdefault(row.source_ref, [])
        if row.id is not None:
            cases.append(CaseOfCrime(row.id, row.ref, row.opened_on))
    return found


def cases_by_officer(connection: Connection, *, source: str) -> dict[str, int]:
    """How many cases of crimes of this source each officer holds."""
    statement = (
        select(CASES.c.officer_id, func.count().label("held"))
        .join(CRIMES, CRIMES.c.id == CASES.c.crime_id)
        .where(CRIMES.c.source == source)
        .group_by(CASES.c.officer_id)
    )
    return {row.officer_id: row.held for row in connection.execute(statement)}


def references_in_use(connection: Connection, refs: Sequence[str]) -> set[str]:
    """Which of these case references are taken."""
    return set(connection.execute(select(CASES.c.ref).where(CASES.c.ref.in_(refs))).scalars())


def event_keys_in_use(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Which of these events are stored."""
    return set(connection.execute(select(EVENTS.c.key).where(EVENTS.c.key.in_(keys))).scalars())


def keep_unmatched(connection: Connection, outcomes: Iterable[WaitingOutcome], *, source: str) -> None:
    """Keep outcomes until their crime arrives; those already kept stay as they are."""
    rows = [
        {
            "key": waiting.key,
            "source": source,
            "source_ref": waiting.source_ref,
            "happened_on": waiting.happened_on,
            "outcome": waiting.outcome,
        }
        for waiting in outcomes
    ]
    if rows:
        dialect = sqlite if is_sqlite(connection) else postgresql
        connection.execute(dialect.insert(_UNMATCHED).on_conflict_do_nothing(index_elements=["key"]), rows)


def take_unmatched(connection: Connection, *, source: str, refs: Sequence[str]) -> dict[str, list[WaitingOutcome]]:
    """The outcomes that waited for these crimes, which wait no longer."""
    of_crimes = (_UNMATCHED.c.source == source) & _UNMATCHED.c.source_ref.in_(refs)
    found: dict[str, list[WaitingOutcome]] = {}
    for row in connection.execute(select(_UNMATCHED).where(of_crimes).order_by(_UNMATCHED.c.key)):
        waiting = WaitingOutcome(row.key, row.source_ref, row.happened_on, row.outcome)
        found.setdefault(row.source_ref, []).append(waiting)
    if found:
        connection.execute(delete(_UNMATCHED).where(of_crimes))
    return found


def live_cases(connection: Connection, crime_id: int) -> list[str]:
    """The references of the crime's cases that were not disposed of, the oldest first."""
    of = (CASES.c.crime_id == crime_id) & NOT_DISPOSED
    return list(connection.execute(select(CASES.c.ref).where(of).order_by(CASES.c.id)).scalars())


def live_case(connection: Connection, case_id: int) -> tuple[str, int] | None:
    """The reference of a case that was not disposed of, and the number of its victim."""
    of = (CASES.c.id == case_id) & NOT_DISPOSED
    row = connection.execute(select(CASES.c.ref, CASES.c.victim_id).where(of)).first()
    return (row.ref, row.victim_id) if row else None


def recorded_elsewhere(connection: Connection, source_ref: str, *, but: str) -> bool:
    """Whether a crime of this reference is here from elsewhere than the source `but`."""
    refs = crime_references(source_ref)
    of = CRIMES.c.source_ref.in_(refs) & CRIMES.c.source.not_in((but, _POLICE_UK))
    return connection.execute(select(CRIMES.c.id).where(of).limit(1)).first() is not None


def recorded_already(connection: Connection, source_refs: Sequence[str], *, source: str) -> set[str]:
    """Of these crimes of a source those that are here, from it or, as `recorded_elsewhere` says, from elsewhere."""
    written: dict[str, set[str]] = {}
    for source_ref in source_refs:
        for reference in crime_references(source_ref):
            written.setdefault(reference, set()).add(source_ref)
    rows = connection.execute(select(CRIMES.c.source, CRIMES.c.source_ref).where(CRIMES.c.source_ref.in_(written)))
    found: set[str] = set()
    for row in rows:
        if row.source == source:
            found |= written[row.source_ref] & {row.source_ref}
        elif row.source != _POLICE_UK:
            found |= written[row.source_ref]
    return found


def type_and_area(connection: Connection, crime_id: int) -> dict[str, str]:
    """What type of crime it is here, and where, by the names of the columns."""
    row = connection.execute(select(CRIMES.c.crime_type, CRIMES.c.area).where(CRIMES.c.id == crime_id)).one()
    return {"crime_type": row.crime_type, "area": row.area}


def change_crime(connection: Connection, crime_id: int, *, crime_type: str, area: str) -> None:
    """Write another type and area of a crime of which there is no case yet."""
    values = {"crime_type": crime_type, "area": area}
    connection.execute(update(CRIMES).where(CRIMES.c.id == crime_id).values(values))


def shared_key_of(connection: Connection, event_key: str) -> str:
    """The key that all copies of an event of the crime share."""
    wanted = select(func.coalesce(EVENTS.c.crime_event_key, EVENTS.c.key)).where(EVENTS.c.key == event_key)
    return str(connection.execute(wanted).scalar_one())


def first_copy(connection: Connection, shared_key: str) -> tuple[str, str] | None:
    """A case, by its reference, in which there is a copy of this event of the crime, and the key of the copy there."""
    copies = (EVENTS.c.crime_event_key == shared_key) & EVENTS.c.corrects.is_(None) & NOT_DISPOSED
    wanted = select(CASES.c.ref, EVENTS.c.key).join(EVENTS, EVENTS.c.case_id == CASES.c.id).where(copies)
    row = connection.execute(wanted.order_by(CASES.c.id).limit(1)).first()
    return (row.ref, row.key) if row else None


def ensure_holding_teams(connection: Connection, areas: Iterable[str]) -> None:
    """Where there is no team at all, make one for each area with a duty supervisor, so that every case has a holder."""
    if connection.execute(select(TEAMS.c.id).limit(1)).first() is not None:
        return
    for area in areas:
        code = "-".join(area.lower().split())
        team_id, supervisor_id = f"unallocated-{code}", f"duty-supervisor-{code}"
        team = {"id": team_id, "name": f"Unallocated, {area}", "area": area, "duty_supervisor_id": supervisor_id}
        connection.execute(TEAMS.insert().values(team))
        supervisor = {"id": supervisor_id, "name": f"Duty supervisor, {area}", "role": Role.SUPERVISOR.value}
        connection.execute(PEOPLE.insert().values(**supervisor, team_id=team_id))


def _of(source: str, refs: Sequence[str]) -> ColumnElement[bool]:
    return (CRIMES.c.source == source) & CRIMES.c.source_ref.in_(refs)

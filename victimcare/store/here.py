"""What records of a source became, read again from where it is kept: to be compared with what the source says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, select

from victimcare.domain.journey import JourneyEvent
from victimcare.store.cases import CASES, CRIMES, NOT_DISPOSED, VICTIMS
from victimcare.store.identities import CORRECTIONS
from victimcare.store.journeys import EVENTS, event_of
from victimcare.store.source_records import Kept
from victimcare.store.staff import PEOPLE, SYSTEM


@dataclass(frozen=True, slots=True)
class VictimHere:
    """Name, date of birth, basis and language as known now; and whether somebody here corrected them."""

    identity: tuple[str | None, date | None, str, str] = field(repr=False)
    changed_by_people: bool


@dataclass(frozen=True, slots=True)
class Here:
    """What some records became. `chains` are by the key that a record has, each event with its corrections."""

    crimes: Mapping[int, tuple[str, str]]
    people: Mapping[str, tuple[str, str | None]]
    victims: Mapping[int, VictimHere]
    chains: Mapping[str, Sequence[JourneyEvent]]
    recorders: Mapping[str, str]

    def recorded_by_people(self, keys: Iterable[str]) -> bool:
        """Whether somebody recorded one of these events."""
        return any(self.recorders[key] != SYSTEM.id for key in keys)


def here_of(connection: Connection, kept: Sequence[Kept]) -> Here:
    """What these records became, as far as it is there."""
    events, recorders = _chains(connection, kept)
    return Here(_crimes(connection, kept), _people(connection, kept), _victims(connection, kept), events, recorders)


def _crimes(connection: Connection, kept: Sequence[Kept]) -> dict[int, tuple[str, str]]:
    ids = [each.crime_id for each in kept if each.kind == "crime"]
    rows = connection.execute(select(CRIMES.c.id, CRIMES.c.crime_type, CRIMES.c.area).where(CRIMES.c.id.in_(ids)))
    return {row.id: (row.crime_type, row.area) for row in rows} if ids else {}


def _people(connection: Connection, kept: Sequence[Kept]) -> dict[str, tuple[str, str | None]]:
    ids = [each.person_id for each in kept if each.kind == "officer"]
    wanted = select(PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.email).where(PEOPLE.c.id.in_(ids))
    return {row.id: (row.name, row.email) for row in connection.execute(wanted)} if ids else {}


def _victims(connection: Connection, kept: Sequence[Kept]) -> dict[int, VictimHere]:
    ids = [each.case_id for each in kept if each.kind == "victim"]
    if not ids:
        return {}
    by_people = select(CORRECTIONS.c.id).where(
        CORRECTIONS.c.victim_id == VICTIMS.c.id, CORRECTIONS.c.recorded_by != SYSTEM.id
    )
    wanted = select(CASES.c.id.label("case_id"), VICTIMS, by_people.exists().label("changed"))
    wanted = wanted.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id).where(CASES.c.id.in_(ids), NOT_DISPOSED)
    return {
        row.case_id: VictimHere((row.name, row.born_on, row.basis, row.language), bool(row.changed))
        for row in connection.execute(wanted)
    }


def _chains(connection: Connection, kept: Sequence[Kept]) -> tuple[dict[str, list[JourneyEvent]], dict[str, str]]:
    """Of each event its versions in one case: of what happened to the crime, in the first of its cases."""
    keys = {str(each.event_key): each.case_id for each in kept if each.event_key is not None}
    if not keys:
        return {}, {}
    shared = [key for key, case_id in keys.items() if case_id is None]
    named = EVENTS.c.key.in_([key for key, case_id in keys.items() if case_id is not None])
    roots = select(EVENTS.c.case_id, EVENTS.c.key, EVENTS.c.crime_event_key).join(CASES, CASES.c.id == EVENTS.c.case_id)
    roots = roots.where(EVENTS.c.corrects.is_(None), NOT_DISPOSED)
    root_of: dict[tuple[int, str], str] = {}
    done: set[str] = set()
    for row in connection.execute(roots.where(named | EVENTS.c.crime_event_key.in_(shared)).order_by(EVENTS.c.case_id)):
        name = row.key if row.key in keys else row.crime_event_key
        if name not in done:
            done.add(name)
            root_of[row.case_id, row.key] = name
    return _with_corrections(connection, root_of)


def _with_corrections(
    connection: Connection, root_of: dict[tuple[int, str], str]
) -> tuple[dict[str, list[JourneyEvent]], dict[str, str]]:
    cases = {case_id for case_id, _ in root_of}
    corrected = set(
        connection.execute(
            select(EVENTS.c.case_id).where(EVENTS.c.case_id.in_(cases), EVENTS.c.corrects.is_not(None)).distinct()
        ).scalars()
    )
    wanted = EVENTS.c.key.in_([key for _, key in root_of]) | (
        EVENTS.c.case_id.in_(corrected) & EVENTS.c.corrects.is_not(None)
    )
    rows = connection.execute(select(EVENTS).where(wanted).order_by(EVENTS.c.recorded_at, EVENTS.c.key)).all()
    name_of = {key: name for (_, key), name in root_of.items()}
    chains: dict[str, list[JourneyEvent]] = {}
    recorders: dict[str, str] = {}
    for row in rows:
        name = name_of.get(row.key) or name_of.get(row.corrects)
        if name is None:
            continue
        name_of[row.key] = name
        chains.setdefault(name, []).append(event_of(row))
        recorders[row.key] = row.recorded_by
    return chains, recorders

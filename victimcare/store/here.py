"""What records of a source became, read again from where it is kept: to be compared with what the source says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import JourneyEvent
from victimcare.store.cases import CASES, CRIMES, NOT_DISPOSED, VICTIMS
from victimcare.store.contact_points import hashes_at
from victimcare.store.identities import CORRECTIONS
from victimcare.store.journeys import EVENTS, event_of
from victimcare.store.needs import ASSESSMENTS
from victimcare.store.source_records import Kept
from victimcare.store.staff import PEOPLE, SYSTEM, TEAMS, specialisms_of

OF_THE_CRIME = (EventKind.CRIME_REPORTED, EventKind.CRIME_RECORDED)
"""What a crime's own record became in each of its cases."""
Copies = Mapping[int, Sequence[JourneyEvent]]
"""An event with its corrections, by the case that it stands in."""
_ANSWERS = ("assessed_on", "stage", "interpreter", "communication", "disability", "criteria", "measures")


@dataclass(frozen=True, slots=True)
class VictimHere:
    """Name, date of birth, basis and language as known now; and whether somebody here corrected them."""

    identity: tuple[str | None, date | None, str, str] = field(repr=False)
    changed_by_people: bool


class PersonHere(NamedTuple):
    """Name, e-mail address, team by its name, and specialisms."""

    name: str
    email: str | None
    team: str | None
    specialisms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Here:
    """What some records became. `copies` are by the key that a record has, or by `of_the_crime`.

    `cases_of` are those of each crime that neither were made void nor are being disposed of: each has a copy of all
    that happened to it. `answers` to questions about needs are by the event that carries them, `reached` are the
    hashes of each victim's numbers and addresses, by case, but those in whose place a record put another.
    """

    crimes: Mapping[int, tuple[str, str]]
    people: Mapping[str, PersonHere]
    victims: Mapping[int, VictimHere]
    copies: Mapping[str, Copies]
    recorders: Mapping[str, str]
    cases_of: Mapping[int, frozenset[int]]
    answers: Mapping[str, tuple[Any, ...]]
    reached: Mapping[int, frozenset[str]]

    def recorded_by_people(self, keys: Iterable[str]) -> bool:
        """Whether somebody recorded one of these events."""
        return any(self.recorders[key] != SYSTEM.id for key in keys)


def of_the_crime(crime_id: int, kind: EventKind) -> str:
    """The name among `Here.copies` of the report, or the recording, of a crime."""
    return f"crime:{crime_id}:{kind.value}"


def here_of(connection: Connection, kept: Sequence[Kept]) -> Here:
    """What these records became, as far as it is there."""
    copies, recorders = _copies(connection, kept)
    return Here(
        _crimes(connection, kept),
        _people(connection, kept),
        _victims(connection, kept),
        copies,
        recorders,
        _cases_of(connection, kept),
        _answers(connection, recorders) if any(each.kind == "needs" for each in kept) else {},
        _reached(connection, kept),
    )


def _reached(connection: Connection, kept: Sequence[Kept]) -> dict[int, frozenset[str]]:
    ids = [each.case_id for each in kept if each.kind == "victim" and each.case_id is not None]
    return hashes_at(connection, ids, but_superseded_by=SYSTEM.id) if ids else {}


def _crimes(connection: Connection, kept: Sequence[Kept]) -> dict[int, tuple[str, str]]:
    ids = [each.crime_id for each in kept if each.kind == "crime"]
    rows = connection.execute(select(CRIMES.c.id, CRIMES.c.crime_type, CRIMES.c.area).where(CRIMES.c.id.in_(ids)))
    return {row.id: (row.crime_type, row.area) for row in rows} if ids else {}


def _people(connection: Connection, kept: Sequence[Kept]) -> dict[str, PersonHere]:
    ids = [each.person_id for each in kept if each.kind == "officer"]
    wanted = select(PEOPLE, TEAMS.c.name.label("team")).outerjoin(TEAMS, TEAMS.c.id == PEOPLE.c.team_id)
    rows = connection.execute(wanted.where(PEOPLE.c.id.in_(ids))) if ids else ()
    return {
        row.id: PersonHere(row.name, row.email, row.team, frozenset(specialisms_of(row.specialisms))) for row in rows
    }


def _victims(connection: Connection, kept: Sequence[Kept]) -> dict[int, VictimHere]:
    ids = [each.case_id for each in kept if each.kind == "victim"]
    if not ids:
        return {}
    corrected = select(CORRECTIONS.c.id).where(
        CORRECTIONS.c.victim_id == VICTIMS.c.id, CORRECTIONS.c.recorded_by != SYSTEM.id
    )
    asked = select(ASSESSMENTS.c.id).where(
        ASSESSMENTS.c.case_id == CASES.c.id,
        ASSESSMENTS.c.recorded_by != SYSTEM.id,
        ASSESSMENTS.c.language == VICTIMS.c.language,
    )
    by_people = corrected.exists() | asked.exists()
    wanted = select(CASES.c.id.label("case_id"), VICTIMS, by_people.label("changed"))
    wanted = wanted.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id).where(CASES.c.id.in_(ids), NOT_DISPOSED)
    return {
        row.case_id: VictimHere((row.name, row.born_on, row.basis, row.language), bool(row.changed))
        for row in connection.execute(wanted)
    }


def _cases_of(connection: Connection, kept: Sequence[Kept]) -> dict[int, frozenset[int]]:
    ids = {each.crime_id for each in kept if each.crime_id is not None}
    wanted = select(CASES.c.id, CASES.c.crime_id).where(CASES.c.crime_id.in_(ids), NOT_DISPOSED)
    found: dict[int, set[int]] = defaultdict(set)
    for row in connection.execute(wanted.where(CASES.c.status != "void")) if ids else ():
        found[row.crime_id].add(row.id)
    return {crime_id: frozenset(cases) for crime_id, cases in found.items()}


def _answers(connection: Connection, keys: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    rows = connection.execute(select(ASSESSMENTS).where(ASSESSMENTS.c.event_key.in_(list(keys))))
    return {row.event_key: tuple(getattr(row, name) for name in _ANSWERS) for row in rows}


def _copies(connection: Connection, kept: Sequence[Kept]) -> tuple[dict[str, Copies], dict[str, str]]:
    """Of each event its versions in each case: of what happened to the crime, in all of its cases."""
    keys = {str(each.event_key): each.case_id for each in kept if each.event_key is not None}
    crimes = [each.crime_id for each in kept if each.kind == "crime"]
    if not keys and not crimes:
        return {}, {}
    shared = [key for key, case_id in keys.items() if case_id is None]
    wanted = EVENTS.c.key.in_([key for key, case_id in keys.items() if case_id is not None])
    wanted |= EVENTS.c.crime_event_key.in_(shared)
    wanted |= CASES.c.crime_id.in_(crimes) & EVENTS.c.kind.in_([kind.value for kind in OF_THE_CRIME])
    roots = select(EVENTS.c.case_id, EVENTS.c.key, EVENTS.c.crime_event_key, EVENTS.c.kind, CASES.c.crime_id)
    roots = roots.join(CASES, CASES.c.id == EVENTS.c.case_id).where(EVENTS.c.corrects.is_(None), NOT_DISPOSED, wanted)
    named: dict[str, str] = {}
    for row in connection.execute(roots):
        known = next((key for key in (row.key, row.crime_event_key) if key in keys), None)
        named[row.key] = known or of_the_crime(row.crime_id, EventKind(row.kind))
    return _with_corrections(connection, named)


def _with_corrections(connection: Connection, named: Mapping[str, str]) -> tuple[dict[str, Copies], dict[str, str]]:
    """The events of these keys with what corrects them, which hangs on the first of each; and who recorded them."""
    copies: dict[str, dict[int, list[JourneyEvent]]] = defaultdict(lambda: defaultdict(list))
    recorders: dict[str, str] = {}
    root_of = {key: key for key in named}
    cases = set(connection.execute(select(EVENTS.c.case_id).where(EVENTS.c.key.in_(list(named)))).scalars())
    corrections = EVENTS.c.case_id.in_(cases) & EVENTS.c.corrects.is_not(None)
    rows = connection.execute(
        select(EVENTS).where(EVENTS.c.key.in_(list(named)) | corrections).order_by(EVENTS.c.recorded_at, EVENTS.c.key)
    )
    for row in rows.all():
        root = root_of.get(row.key) or root_of.get(row.corrects)
        if root is None:
            continue
        root_of[row.key] = root
        copies[named[root]][row.case_id].append(event_of(row))
        recorders[row.key] = row.recorded_by
    return {name: dict(of_cases) for name, of_cases in copies.items()}, recorders

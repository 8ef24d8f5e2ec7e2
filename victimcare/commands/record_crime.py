"""Record a crime and open a case for each of its victims, with a case officer from that moment."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection

from victimcare.domain.allocation import Allocation, NewCase, Specialism, allocate
from victimcare.domain.case import Case
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Journey, JourneyEvent, Moment, Value
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.victim import is_under_18
from victimcare.domain.who_counts import EVERYTHING, ToldAs
from victimcare.store import cases, people_to_tell, staff
from victimcare.store.cases import CrimeAlreadyRecorded
from victimcare.store.people_to_tell import NewPersonToTell

__all__ = ["CrimeAlreadyRecorded", "NewCrime", "NewVictim", "record_crime"]

_REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class NewVictim:
    """A victim as known when the crime is recorded. `contact` is whom a business names to be told."""

    name: str | None
    born_on: date | None = None
    basis: str = "direct"
    language: str = "en"
    contact: str | None = None
    officer_of_open_case: str | None = None


@dataclass(frozen=True, slots=True)
class NewCrime:
    """A crime to record. `needs` are the specialisms that its cases ask of an officer; `report` is what is known of it
    when it is reported (details of `crime_reported`).
    """

    source: str
    source_ref: str
    crime_type: str
    area: str
    reported: Moment
    recorded: Moment
    victims: Sequence[NewVictim]
    needs: frozenset[Specialism] = field(default=frozenset())
    report: Mapping[str, Value] = field(default_factory=dict)


def record_crime(
    connection: Connection, *, crime: NewCrime, by: Person, now: datetime, law: Law
) -> list[cases.StoredCase]:
    """Store the crime and one case for each victim; returns the cases.

    Raises `NobodyOnDuty`, and `CrimeAlreadyRecorded` where the crime is stored already.
    """
    shared = {EventKind.CRIME_REPORTED: new_key(), EventKind.CRIME_RECORDED: new_key()}
    recording = cases.Recording(by=by, at=now, what="record crime", operation="collection")
    crime_id = cases.add_crime(
        connection, source=crime.source, source_ref=crime.source_ref, crime_type=crime.crime_type, area=crime.area
    )
    opened = []
    for victim in crime.victims:
        victim_id = cases.add_victim(
            connection, name=victim.name, born_on=victim.born_on, basis=victim.basis, language=victim.language
        )
        allocation = _allocate(connection, crime, victim, recording.on)
        case = _first_case(crime, allocation, now)
        of_crime = {event.key: shared[event.kind] for event in case.journey.events if event.kind in shared}
        stored, _ = cases.open_case(
            connection,
            crime_id=crime_id,
            victim_id=victim_id,
            case=case,
            recording=replace(recording, crime_event_keys=of_crime),
            law=law,
            held=allocation.held,
        )
        if victim.contact:
            told = NewPersonToTell(victim.contact, ToldAs.NAMED_CONTACT, [EVERYTHING], recording.on)
            people_to_tell.add(connection, stored.id, told, by=by.id, at=now)
        opened.append(stored)
    return opened


def new_reference() -> str:
    """A case reference that says nothing about the case and cannot be guessed from another."""
    letters = "".join(secrets.choice(_REFERENCE_ALPHABET) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def new_key() -> str:
    """A key for an event."""
    return secrets.token_hex(10)


def _allocate(connection: Connection, crime: NewCrime, victim: NewVictim, today: date) -> Allocation:
    is_child = victim.born_on is not None and is_under_18(victim.born_on, today)
    needs = crime.needs | {Specialism.CHILD} if is_child else crime.needs
    new_case = NewCase(crime.area, needs, victim.officer_of_open_case)
    return allocate(new_case, staff.candidates(connection, today=today), staff.teams_on_duty(connection))


def _first_case(crime: NewCrime, allocation: Allocation, now: datetime) -> Case:
    ref = new_reference()
    officer = {"officer": allocation.officer_id, "team": allocation.team_id, "why": allocation.why}
    events = (
        JourneyEvent(new_key(), EventKind.CRIME_REPORTED, crime.reported, now, details=crime.report),
        JourneyEvent(new_key(), EventKind.CRIME_RECORDED, crime.recorded, now),
        JourneyEvent(new_key(), EventKind.OFFICER_ASSIGNED, crime.recorded, now, details=officer),
    )
    return Case(ref, Journey(ref, events), 1, crime.area, crime.crime_type)

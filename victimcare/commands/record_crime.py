"""Record a crime and open a case for each of its victims, with a case officer from that moment."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection

from victimcare.domain.allocation import Allocation, NewCase, Specialism, allocate
from victimcare.domain.calendar import london_date
from victimcare.domain.case import Case
from victimcare.domain.doubtful_days import DoubtfulDay, doubtful_day
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Journey, JourneyEvent, Moment, Value
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.references import CASE_LETTERS
from victimcare.domain.victim import is_under_18
from victimcare.domain.who_counts import EVERYTHING, ToldAs
from victimcare.editions.workload import published_weights
from victimcare.store import cases, crimes, people_to_tell, staff, victim_names
from victimcare.store.cases import CrimeAlreadyRecorded
from victimcare.store.people_to_tell import NewPersonToTell
from victimcare.store.vault import Vault

__all__ = ["CrimeAlreadyRecorded", "NewCrime", "NewVictim", "record_crime"]


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
    connection: Connection, *, crime: NewCrime, by: Person, now: datetime, law: Law, vault: Vault
) -> list[cases.StoredCase]:
    """Store the crime and one case for each victim; returns the cases.

    Raises `NobodyOnDuty`, and `CrimeAlreadyRecorded` where the crime is stored already, from whichever source.
    """
    if crimes.recorded_elsewhere(connection, crime.source_ref, but=crime.source):
        raise CrimeAlreadyRecorded(crime.source_ref)
    shared = {EventKind.CRIME_REPORTED: new_key(), EventKind.CRIME_RECORDED: new_key()}
    recording = cases.Recording(by=by, at=now, what="record crime", operation="collection")
    crime_id = cases.add_crime(
        connection, source=crime.source, source_ref=crime.source_ref, crime_type=crime.crime_type, area=crime.area
    )
    needs = [needs_of(victim, crime.needs, recording.on) for victim in crime.victims]
    opened: list[cases.StoredCase] = []
    for victim, needs_of_one in zip(crime.victims, needs, strict=True):
        wanted = NewCase(
            crime.area,
            needs_of_one,
            victim.officer_of_open_case,
            needs_of_all=frozenset().union(*needs),
            officers_of_crime=frozenset(each.case.holder.officer_id for each in opened),
        )
        allocation = allocate_case(connection, wanted, recording.on)
        case = _first_case(crime, allocation, now)
        of_crime = {event.key: shared[event.kind] for event in case.journey.events if event.kind in shared}
        to_record = replace(recording, crime_event_keys=of_crime)
        held = allocation.held
        opened.append(open_for_victim(connection, crime_id, victim, case, to_record, law, held=held, vault=vault))
    return opened


def doubtful_report(crime: NewCrime, law: Law, *, now: datetime) -> DoubtfulDay | None:
    """What is doubtful about the day on which it is said to have been reported, if it is recorded `now`.

    Raises `DayOutsideCalendar`.
    """
    report = JourneyEvent(new_key(), EventKind.CRIME_REPORTED, crime.reported, now, details=crime.report)
    return doubtful_day(Journey(crime.source_ref, ()), report, law, on=london_date(now))


def open_for_victim(
    connection: Connection,
    crime_id: int,
    victim: NewVictim,
    case: Case,
    recording: cases.Recording,
    law: Law,
    *,
    held: bool,
    vault: Vault,
) -> cases.StoredCase:
    """Store the victim with this case of the crime, and whom a business names to be told."""
    victim_id = cases.add_victim(
        connection, name=victim.name, born_on=victim.born_on, basis=victim.basis, language=victim.language
    )
    victim_names.keep(connection, victim_id, victim.name, vault)
    stored, _ = cases.open_case(
        connection, crime_id=crime_id, victim_id=victim_id, case=case, recording=recording, law=law, held=held
    )
    if victim.contact:
        told = NewPersonToTell(victim.contact, ToldAs.NAMED_CONTACT, [EVERYTHING], recording.on)
        people_to_tell.add(connection, stored.id, told, by=recording.by.id, at=recording.at, vault=vault)
    return stored


def new_reference() -> str:
    """A case reference that says nothing about the case and cannot be guessed from another."""
    letters = "".join(secrets.choice(CASE_LETTERS) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def new_key() -> str:
    """A key for an event."""
    return secrets.token_hex(10)


def needs_of(victim: NewVictim, needs: frozenset[Specialism], today: date) -> frozenset[Specialism]:
    """What the victim's case asks of an officer where their crime asks this: of a child, training for children too."""
    is_child = victim.born_on is not None and is_under_18(victim.born_on, today)
    return needs | {Specialism.CHILD} if is_child else needs


def allocate_case(connection: Connection, case: NewCase, today: date) -> Allocation:
    """Who takes the case, of those who work here today (London date). Raises `NobodyOnDuty`.

    Whoever leaves at the same moment is not among them: then it is asked once more.
    """
    while True:
        candidates = staff.candidates(connection, today=today, weights=published_weights())
        found = allocate(case, candidates, staff.teams_on_duty(connection))
        if staff.goes_on_working(connection, found.officer_id):
            return found


def assigned_to(allocation: Allocation) -> dict[str, Value]:
    """The details of the event that assigns the case."""
    return {"officer": allocation.officer_id, "team": allocation.team_id, "why": allocation.why}


def _first_case(crime: NewCrime, allocation: Allocation, now: datetime) -> Case:
    ref = new_reference()
    officer = assigned_to(allocation)
    events = (
        JourneyEvent(new_key(), EventKind.CRIME_REPORTED, crime.reported, now, details=crime.report),
        JourneyEvent(new_key(), EventKind.CRIME_RECORDED, crime.recorded, now),
        JourneyEvent(new_key(), EventKind.OFFICER_ASSIGNED, crime.recorded, now, details=officer),
    )
    return Case(ref, Journey(ref, events), 1, crime.area, crime.crime_type)

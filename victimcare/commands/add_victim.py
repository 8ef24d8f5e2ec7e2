"""Add a victim to a crime that is recorded already: a case of their own, with what happened before as history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from victimcare.commands.record_crime import (
    NewVictim,
    allocate_case,
    assigned_to,
    needs_of,
    new_key,
    new_reference,
    open_for_victim,
)
from victimcare.domain.allocation import Allocation, NewCase, Specialism
from victimcare.domain.calendar import london_date
from victimcare.domain.case import Case
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.joining import Copied, copies_for
from victimcare.domain.journey import Journey, JourneyEvent, Moment, Value
from victimcare.domain.law import Law
from victimcare.domain.people import NO_LISTS, Action, CaseLists, Person, may
from victimcare.store import case_lists, cases
from victimcare.store.cases import CaseChanged
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class JoiningVictim:
    """A victim to add, when they were recorded as one, and what their case asks of an officer beside their age.

    `joined` is None for one who was recorded with the crime, and is only now known here.
    """

    victim: NewVictim
    joined: Moment | None
    needs: frozenset[Specialism] = field(default=frozenset())


def add_victim(
    connection: Connection,
    *,
    ref: str,
    joining: JoiningVictim,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
    seen_version: int | None = None,
) -> cases.StoredCase:
    """Open a case for another victim of the crime of the case of this reference, and return it.

    Its case officer is that of the case that it was added from, where nothing speaks against it (`domain/allocation`).
    Whoever is kept from that case is kept from the new one. No other case is touched, and what `by` does not see of the
    crime's victims decides nothing.
    Raises `NoSuchCase`, `CaseChanged`, `NobodyOnDuty`.
    """
    beside = _beside(connection, ref, by, seen_version)
    crime = KnownCrime(
        beside.crime_id,
        beside.case.area,
        beside.case.crime_type,
        beside.case.journey,
        shared_keys=cases.crime_event_keys(connection, beside.id),
        officers=frozenset({beside.case.holder.officer_id}),
        lists=beside.lists or NO_LISTS,
    )
    opened = open_beside(connection, crime=crime, joining=joining, by=by, now=now, law=law, vault=vault)
    case_lists.copy(connection, from_case=beside.id, to_case=opened.id, by=by, at=now, vault=vault)
    return opened


@dataclass(frozen=True, slots=True)
class KnownCrime:
    """What a new case of a crime follows from: `journey` has what happened to it, `officers` hold cases of it.

    `shared_keys`: by the key of each of those events, the key that all its copies share. `lists`: who is kept from it.
    """

    id: int
    area: str
    crime_type: str
    journey: Journey
    shared_keys: Mapping[str, str]
    officers: frozenset[str] = frozenset()
    lists: CaseLists = NO_LISTS


def open_beside(
    connection: Connection,
    *,
    crime: KnownCrime,
    joining: JoiningVictim,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
) -> cases.StoredCase:
    """Open a case of this crime, allocated as every case is, and return it. Raises `NobodyOnDuty`."""
    today = london_date(now)
    allocation = allocate_case(connection, wanted_beside(crime, joining, today), today)
    case, shared = case_beside(crime, joining, allocation, now)
    recording = cases.Recording(
        by=by, at=now, what="record added victim", operation="collection", crime_event_keys=shared
    )
    held, victim = allocation.held, joining.victim
    return open_for_victim(connection, crime.id, victim, case, recording, law, held=held, vault=vault)


def wanted_beside(crime: KnownCrime, joining: JoiningVictim, today: date) -> NewCase:
    """What the new case of this crime asks of an officer on this day (London date)."""
    return NewCase(
        crime.area,
        needs_of(joining.victim, joining.needs, today),
        joining.victim.officer_of_open_case,
        officers_of_crime=crime.officers,
        lists=crime.lists,
    )


def case_beside(
    crime: KnownCrime, joining: JoiningVictim, allocation: Allocation, now: datetime
) -> tuple[Case, dict[str, str]]:
    """The new case with what happened before; and, by the key of each such event, the key that all its copies share."""
    copies = copies_for(crime.journey, joined=joining.joined, recorded_at=now, new_key=new_key)
    shared = {copy.event.key: crime.shared_keys[copy.of_key] for copy in copies}
    return _first_case(crime, joining, assigned_to(allocation), copies, now), shared


def _beside(connection: Connection, ref: str, by: Person, seen_version: int | None) -> cases.StoredCase:
    """The case that they are added from, with its whole crime locked. Raises `NoSuchCase`, `CaseChanged`."""
    beside = next(case for case in cases.load_with_crime(connection, ref) if case.case.ref == ref)
    if not may(by, Action.RECORD_EVENT, beside.holder):
        raise cases.NoSuchCase(ref)
    if seen_version is not None and seen_version != beside.case.version:
        raise CaseChanged(ref)
    return beside


def _first_case(
    crime: KnownCrime, joining: JoiningVictim, officer: dict[str, Value], copies: tuple[Copied, ...], now: datetime
) -> Case:
    """With the day on which they joined; of a victim from the first, as it would have been opened with the crime."""
    ref = new_reference()
    first = [JourneyEvent(new_key(), EventKind.OFFICER_ASSIGNED, _held_from(joining, copies), now, details=officer)]
    if joining.joined is not None:
        of_report = _of_report(copies)
        first.insert(0, JourneyEvent(new_key(), EventKind.VICTIM_JOINED, joining.joined, now, details=of_report))
    events = (*first, *(copy.event for copy in copies))
    return Case(ref, Journey(ref, events), 1, crime.area, crime.crime_type)


def _of_report(copies: tuple[Copied, ...]) -> dict[str, Value]:
    of_report: dict[str, Value] = {}
    for copy in copies:
        if copy.event.kind is EventKind.CRIME_REPORTED and "offender_under_18" in copy.event.details:
            of_report = {"offender_under_18": copy.event.details["offender_under_18"]}
    return of_report


def _held_from(joining: JoiningVictim, copies: tuple[Copied, ...]) -> Moment:
    recorded = (copy.event.happened for copy in copies if copy.event.kind is EventKind.CRIME_RECORDED)
    return joining.joined or next(recorded)

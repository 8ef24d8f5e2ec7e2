"""Crimes and victims: with a victim begins a case, and a case officer from that moment."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any, cast

from victimcare.commands.add_victim import JoiningVictim, KnownCrime, open_beside
from victimcare.commands.correct_identity import IdentityPutRight, NothingCorrected, correct_identity
from victimcare.commands.record_crime import NewVictim, new_key
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.allocation import Specialism
from victimcare.domain.calendar import london_date
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.identity import Identity
from victimcare.domain.journey import EventChain, Journey, JourneyEvent, Moment
from victimcare.domain.people import NO_LISTS
from victimcare.exchange.records import journeys
from victimcare.exchange.records.decisions import Decision, RecordRefused, Taking, said_before
from victimcare.exchange.records.differences import corrections, plain, three_way
from victimcare.exchange.records.reached import POINTS, reach
from victimcare.exchange.records.schema import CrimeRecord, VictimRecord
from victimcare.store import case_lists, cases, crimes, identities, source_records, staff
from victimcare.store.cases import CrimeAlreadyRecorded, StoredCase
from victimcare.store.source_records import Kept

Columns = dict[str, Any]
Changed = tuple[Columns, tuple[str, ...], tuple[RecordRefused, ...]]
_A_PERSON_PUTS_RIGHT = "whether they joined later decides what is owed: a person puts that right"
_CASES_ALREADY = "there are cases of it already: a person decides what follows from this change"
_AS_IT_WAS = ("crime_type", "area", "specialisms")


def add_crime(taking: Taking, decision: Decision) -> tuple[Columns]:
    """Store the crime; its cases begin with its victims."""
    record = cast(CrimeRecord, decision.record)
    check_times(taking, record)
    check_not_by_hand(taking, record)
    try:
        crime_id = cases.add_crime(
            taking.connection,
            source=record.source,
            source_ref=record.id,
            crime_type=record.crime_type,
            area=record.area,
        )
    except CrimeAlreadyRecorded:
        raise RecordRefused("id", "a crime of this id is here already") from None
    return ({"crime_id": crime_id},)


def check_not_by_hand(taking: Taking, record: CrimeRecord) -> None:
    """Raise `RecordRefused` where somebody recorded a crime of this reference here."""
    if crimes.recorded_elsewhere(taking.connection, record.id, but=record.source):
        raise RecordRefused("id", "a crime of this reference was recorded here already: a person decides which stays")


def change_crime(taking: Taking, decision: Decision) -> Changed:
    """Put right when it was reported and recorded; a crime of another type or area only while nobody is its victim.

    Once somebody is, the rest is put right, and what a person has to decide is refused.
    """
    record, kept = cast(CrimeRecord, decision.record), decision.kept
    before, crime_id = cast(CrimeRecord, said_before(kept)), kept.crime_id or 0
    check_times(taking, record)
    refs = crimes.live_cases(taking.connection, crime_id)
    if not refs:
        crimes.change_crime(taking.connection, crime_id, crime_type=record.crime_type, area=record.area)
        return {"crime_id": crime_id}, (), ()
    kept_here: list[str] = []
    for ref, event in crime_corrections(taking, before, record, refs, kept_here):
        _record(taking, ref, event)
    return {"crime_id": crime_id}, tuple(kept_here), tuple(of_another_crime(taking, crime_id, before, record))


def of_another_crime(taking: Taking, crime_id: int, before: CrimeRecord, record: CrimeRecord) -> list[RecordRefused]:
    """What is refused of a crime of which there are cases, where it is said to be another one than it is here."""
    here = crimes.type_and_area(taking.connection, crime_id)
    changed = [name for name in _AS_IT_WAS if getattr(record, name) not in (getattr(before, name), here.get(name))]
    return [RecordRefused(name, _CASES_ALREADY) for name in changed]


def crime_corrections(
    taking: Taking, before: CrimeRecord, record: CrimeRecord, refs: list[str], kept_here: list[str]
) -> list[tuple[str, NewEvent]]:
    """The corrections of the report and the recording of a crime, each on a case that has it."""
    found = []
    stored = cases.look_at(taking.connection, refs[0])
    for was, now in zip(reported_and_recorded(before), reported_and_recorded(record), strict=True):
        chain = _one_of(stored, now.kind)
        if chain is None:
            raise RecordRefused("", "what it became is not here any more")
        put_right = corrections(was, now, chain)
        kept_here += put_right.kept_here
        found += [(refs[0], event) for event in put_right.corrections]
    return found


def _one_of(stored: StoredCase, kind: EventKind) -> EventChain | None:
    """The one event of this kind that a case has."""
    return next((chain for chain in stored.case.journey.chains().values() if chain.root.kind is kind), None)


def reported_and_recorded(record: CrimeRecord) -> tuple[NewEvent, NewEvent]:
    """What a crime's record is in the journey of each of its victims."""
    details = plain({"incident_on": record.incident_on, "offender_under_18": record.offender_under_18})
    return (
        NewEvent(EventKind.CRIME_REPORTED, record.reported_at, details=details),
        NewEvent(EventKind.CRIME_RECORDED, record.recorded_at),
    )


def open_case(taking: Taking, decision: Decision) -> tuple[Columns]:
    """Open the victim's case, and put into the vault where they can be reached: not confirmed."""
    record, crime = cast(VictimRecord, decision.record), decision.parents["crime"]
    check_times(taking, record)
    said = cast(CrimeRecord, said_before(crime))
    beside = _cases_of(taking, crime)
    opened = open_beside(
        taking.connection,
        crime=_known(taking, crime, said, beside),
        joining=joining_of(record, said, officer=_officer_of(taking, record)),
        by=staff.SYSTEM,
        now=taking.now,
        law=taking.law,
        vault=taking.vault,
    )
    if beside:
        case_lists.copy(
            taking.connection,
            from_case=beside[0].id,
            to_case=opened.id,
            by=staff.SYSTEM,
            at=taking.now,
            vault=taking.vault,
        )
    for name in POINTS:
        reach(taking, opened.case.ref, opened.id, name, getattr(record, name))
    return ({"crime_id": None, "case_id": opened.id},)


def _cases_of(taking: Taking, crime: Kept) -> list[StoredCase]:
    """The crime's cases, locked: first one from which somebody is kept, for whoever is kept from one is from all."""
    refs = crimes.live_cases(taking.connection, crime.crime_id or 0)
    loaded = cases.load_with_crime(taking.connection, refs[0]) if refs else []
    there = [stored for stored in loaded if stored.case.ref in refs]
    return sorted(there, key=lambda stored: not (stored.lists or NO_LISTS).bar_somebody)


def _known(taking: Taking, crime: Kept, said: CrimeRecord, beside: list[StoredCase]) -> KnownCrime:
    if beside:
        first = beside[0]
        return KnownCrime(
            crime.crime_id or 0,
            first.case.area,
            first.case.crime_type,
            first.case.journey,
            cases.crime_event_keys(taking.connection, first.id),
            frozenset(stored.case.holder.officer_id for stored in beside),
            first.lists or NO_LISTS,
        )
    return crime_alone(said, crime.crime_id or 0, now=taking.now)


def crime_alone(said: CrimeRecord, crime_id: int, *, now: datetime) -> KnownCrime:
    """What the first case of a crime follows from: that it was reported and recorded."""
    events = tuple(_as_recorded(event, now) for event in reported_and_recorded(said))
    shared = {event.key: new_key() for event in events}
    return KnownCrime(crime_id, said.area, said.crime_type, Journey("", events), shared)


def _as_recorded(event: NewEvent, now: datetime) -> JourneyEvent:
    return JourneyEvent(new_key(), event.kind, event.happened, now, details=event.details)


def joining_of(record: VictimRecord, crime: CrimeRecord, *, officer: str | None) -> JoiningVictim:
    """The victim to add, when they joined, and what the crime asks of an officer; `officer`: whom the record names."""
    victim = NewVictim(record.name, record.born_on, record.basis, record.language, officer_of_open_case=officer)
    needs = frozenset(Specialism(code) for code in crime.specialisms)
    return JoiningVictim(victim, _joined(record, crime), needs)


def _officer_of(taking: Taking, record: VictimRecord) -> str | None:
    """Whoever the record names as case officer, if they came."""
    if record.case_officer is None:
        return None
    officer = source_records.find(
        taking.connection, source=record.source, kind="officer", source_id=record.case_officer, vault=taking.vault
    )
    return officer.person_id if officer else None


def _joined(record: VictimRecord, crime: CrimeRecord) -> Moment | None:
    """When they joined the crime; None where that was no later than the crime was recorded."""
    joined, recorded = record.joined_at, crime.recorded_at
    if joined is None or joined.on < recorded.on:
        return None
    if joined.on == recorded.on and (joined.at is None or recorded.at is None or joined.at <= recorded.at):
        return None
    return joined


def change(taking: Taking, decision: Decision) -> Changed:
    """Correct what is known of the victim, and add where they can be reached now: not confirmed."""
    record, kept = cast(VictimRecord, decision.record), decision.kept
    before = cast(VictimRecord, said_before(kept))
    check_same_crime(before, record)
    stored = case_of_victim(taking, decision)
    kept_here: list[str] = []
    put_right = identity_put_right(taking, stored, before, record, kept_here)
    if put_right is not None:
        # What differs in nothing that is said of a victim needs no correction.
        with suppress(NothingCorrected):
            correct_identity(
                taking.connection,
                ref=stored.case.ref,
                put_right=put_right,
                by=staff.SYSTEM,
                now=taking.now,
                law=taking.law,
                vault=taking.vault,
            )
    refused = _moved(taking, stored, before, record)
    try:
        joining = joining_corrections(decision, stored, before, kept_here)
    except RecordRefused as joined:
        joining, refused = (), (*refused, joined)
    for event in joining:
        _record(taking, stored.case.ref, event)
    for name in POINTS:
        if getattr(record, name) != getattr(before, name):
            reach(taking, stored.case.ref, stored.id, name, getattr(record, name))
    return {"case_id": kept.case_id}, tuple(kept_here), refused


def _moved(taking: Taking, stored: StoredCase, before: VictimRecord, now: VictimRecord) -> tuple[RecordRefused, ...]:
    """That the case has another officer there than here, where that changed: who holds a case is decided here."""
    if now.case_officer in (None, before.case_officer):
        return ()
    officer = _officer_of(taking, now)
    if officer is not None and officer == stored.case.holder.officer_id:
        return ()
    return (RecordRefused("case_officer", "the case has an officer here: a supervisor moves it"),)


def check_same_crime(before: VictimRecord, record: VictimRecord) -> None:
    """Raise `RecordRefused` where they were a victim of another crime."""
    if before.crime != record.crime:
        raise RecordRefused("crime", "they were a victim of another crime: send that as a victim with an id of its own")


def case_of_victim(taking: Taking, decision: Decision) -> StoredCase:
    """The case that a victim's record became. Raises `RecordRefused` once it is disposed of."""
    return cases.look_at(taking.connection, journeys.case_and_victim(taking, decision.kept.case_id)[0])


def identity_put_right(
    taking: Taking, stored: StoredCase, before: VictimRecord, now: VictimRecord, kept_here: list[str]
) -> IdentityPutRight | None:
    """What of a victim's identity is right now; None where nothing follows."""
    known = identities.known(taking.connection, stored.victim_id)
    right = Identity(
        three_way("name", before.name, now.name, known.name, kept_here),
        three_way("born_on", before.born_on, now.born_on, known.born_on, kept_here),
        three_way("basis", before.basis, now.basis, known.basis, kept_here),
        three_way("language", before.language, now.language, known.language, kept_here),
    )
    if right == known:
        return None
    only_more = all(getattr(known, name) in (None, getattr(right, name)) for name in Identity.__slots__)
    return IdentityPutRight(right, "not_known_then" if only_more else "written_down_wrongly")


def joining_corrections(
    decision: Decision, stored: StoredCase, before: VictimRecord, kept_here: list[str]
) -> tuple[NewEvent, ...]:
    """The corrections of when they joined. Raises `RecordRefused` where they did, and now did not, or the reverse."""
    record = cast(VictimRecord, decision.record)
    if before.joined_at == record.joined_at:
        return ()
    said = cast(CrimeRecord, said_before(decision.parents["crime"]))
    was, now = _joined(before, said), _joined(record, said)
    if (was is None) != (now is None):
        raise RecordRefused("joined_at", _A_PERSON_PUTS_RIGHT)
    if was is None or now is None:
        return ()
    chain = _one_of(stored, EventKind.VICTIM_JOINED)
    if chain is None:
        raise RecordRefused("joined_at", _A_PERSON_PUTS_RIGHT)
    put_right = corrections(_joining(was, chain), _joining(now, chain), chain)
    kept_here += put_right.kept_here
    return put_right.corrections


def _joining(moment: Moment, chain: EventChain) -> NewEvent:
    return NewEvent(EventKind.VICTIM_JOINED, moment, details=chain.current.details)


def check_times(taking: Taking, record: CrimeRecord | VictimRecord) -> None:
    """Raise `RecordRefused` where something in it cannot have happened yet."""
    for name in ("reported_at", "recorded_at") if isinstance(record, CrimeRecord) else ("joined_at",):
        moment = getattr(record, name)
        if moment is not None:
            check_past(taking, name, moment)


def check_past(taking: Taking, name: str, moment: Moment) -> None:
    """Raise `RecordRefused` for what cannot have happened yet."""
    later = moment.at > taking.now if moment.at is not None else moment.on > london_date(taking.now)
    if later:
        raise RecordRefused(name, "it cannot have happened yet")


def _record(taking: Taking, ref: str, event: NewEvent) -> None:
    record_event(taking.connection, ref=ref, event=event, by=staff.SYSTEM, now=taking.now, law=taking.law)

"""Record something that happened: on one victim's case, or on every case of the crime that it happened to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_crime import new_key
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.journey import Correction, DutyNamed, JourneyEvent, Moment, Value
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person, may
from victimcare.store import cases
from victimcare.store.cases import CaseChanged

__all__ = ["CaseChanged", "NewEvent", "open_for", "record_event"]

_SUPERVISORS_DECIDE = {
    EventKind.GOOD_REASON_AGREED: Action.DECIDE_GOOD_REASON,
    EventKind.GOOD_REASON_REFUSED: Action.DECIDE_GOOD_REASON,
    EventKind.CASE_VOIDED: Action.VOID_CASE,
    EventKind.OFFICER_ASSIGNED: Action.REASSIGN,
}


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What is to be recorded. `corrects` names an event of the case, as any of its versions."""

    kind: EventKind
    happened: Moment
    received: Moment | None = None
    subject: str | None = None
    details: Mapping[str, Value] = field(default_factory=dict)
    duties: Sequence[DutyNamed] = ()
    corrects: str | None = None
    correction: Correction | None = None


def record_event(
    connection: Connection,
    *,
    ref: str,
    event: NewEvent,
    by: Person,
    now: datetime,
    law: Law,
    seen_version: int | None = None,
) -> str:
    """Record the event on the case of this reference and return the event's key.

    What happened to the crime is appended to the journey of every victim of it, whether or not `by` may see them;
    correcting one corrects all. `seen_version` is the version of the case that the person had before them.
    Raises `NoSuchCase`, `CaseChanged`, `EventRefused`.
    """
    stored = open_for(connection, ref, by, _SUPERVISORS_DECIDE.get(event.kind, Action.RECORD_EVENT))
    if seen_version is not None and seen_version != stored.case.version:
        raise CaseChanged(ref)
    if EVENT_KINDS[event.kind].of_crime:
        return _record_on_crime(connection, stored, event, by=by, now=now, law=law)
    recording = cases.Recording(by=by, at=now, what=f"record {event.kind.value}")
    recorded = _journey_event(event, now)
    cases.save(connection, stored, stored.case.record(recorded), recording, law)
    return recorded.key


def open_for(connection: Connection, ref: str, by: Person, action: Action) -> cases.StoredCase:
    """Load a case to write to it, if `by` may. A case that they may not touch does not exist for them."""
    stored = cases.load(connection, ref)
    if not may(by, action, stored.case.holder):
        raise cases.NoSuchCase(ref)
    return stored


def _record_on_crime(
    connection: Connection, stored: cases.StoredCase, event: NewEvent, *, by: Person, now: datetime, law: Law
) -> str:
    crime_event_key = new_key()
    recording = cases.Recording(by=by, at=now, what=f"record {event.kind.value}", crime_event_key=crime_event_key)
    corrected_in = cases.versions_by_crime_event(connection, event.corrects) if event.corrects else {}
    key = ""
    for affected in cases.load_of_crime(connection, stored.crime_id):
        of_this_case = event
        if event.corrects:
            corrects = event.corrects if affected.id == stored.id else corrected_in.get(affected.id)
            if corrects is None:
                continue
            of_this_case = replace(event, corrects=corrects)
        recorded = _journey_event(of_this_case, now)
        cases.save(connection, affected, affected.case.record(recorded), recording, law)
        if affected.id == stored.id:
            key = recorded.key
    return key


def _journey_event(event: NewEvent, now: datetime) -> JourneyEvent:
    return JourneyEvent(
        key=new_key(),
        kind=event.kind,
        happened=event.happened,
        recorded_at=now,
        received=event.received,
        subject=event.subject,
        details=event.details,
        duties=tuple(event.duties),
        corrects=event.corrects,
        correction=event.correction,
    )

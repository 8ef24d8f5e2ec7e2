"""Record something that happened: on one victim's case, or on every case of the crime that it happened to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_crime import new_key
from victimcare.commands.second_person import refuse_own_decision
from victimcare.commands.tell_services import tell_of_steps
from victimcare.domain.case import Case, EventRefused, status_of
from victimcare.domain.court_stage import is_at_court
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.joining import before_joining
from victimcare.domain.journey import Correction, DutyNamed, Journey, JourneyEvent, Moment, Value
from victimcare.domain.law import Law
from victimcare.domain.people import Action, CaseHolder, Person, Role, Scope, may, recording_by, recording_of, scope_of
from victimcare.domain.referral import ENDS, NOES, Step, support_of
from victimcare.store import cases, concerned, outgoing_referrals
from victimcare.store.cases import CaseChanged

__all__ = ["NAME_A_CONTACT", "CaseChanged", "NewEvent", "as_recorded", "check_may_record", "open_for", "record_event"]

NAME_A_CONTACT = (EventKind.ALSO_ANSWERED, EventKind.DUTY_DECLINED)
"""Events that say of a contact which duties it answered, or did not."""
_WITHDRAWS = NOES | {step.value for step in ENDS}
"""After these a referral may lie with its service no longer."""
_STEPS = frozenset(step.value for step in Step)


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
    contacts_recorded: bool = True

    @classmethod
    def correcting(cls, event: JourneyEvent, correction: Correction) -> NewEvent:
        """A correction of this event in which nothing is different yet."""
        return cls(
            kind=event.kind,
            happened=event.happened,
            received=event.received,
            subject=event.subject,
            details=event.details,
            duties=event.duties,
            corrects=event.key,
            correction=correction,
            contacts_recorded=event.contacts_recorded,
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that is locked to write to it; with all of its crime, where what is recorded happened to the crime."""

    stored: cases.StoredCase
    loaded: Sequence[cases.StoredCase]


def record_event(
    connection: Connection,
    *,
    ref: str,
    event: NewEvent,
    by: Person,
    now: datetime,
    law: Law,
    seen_version: int | None = None,
    history_by_day: bool = False,
    opened: Opened | None = None,
) -> str:
    """Record the event on the case of this reference and return the event's key.

    What happened to the crime is appended to the journey of every victim of it, whether or not `by` may see them;
    correcting one corrects all. `seen_version` is the version of the case that the person had before them.
    What people record of a day before a victim joined is news to that victim; with `history_by_day`, for what comes
    from elsewhere in whichever order, it is history. `opened` is the case as this transaction has it open already.
    Raises `NoSuchCase`, `CaseChanged`, `EventRefused`.
    """
    of_crime = EVENT_KINDS[event.kind].of_crime
    opened = opened or _opened(connection, ref, of_crime=of_crime)
    stored = opened.stored
    check_may_record(connection, event, stored, by=by)
    if seen_version is not None and seen_version != stored.case.version:
        raise CaseChanged(ref)
    key = ""
    recording = cases.Recording(by=by, at=now, what=f"record {event.kind.value}")
    crime_event_key = new_key()
    for affected, event_there in _in_each_case(connection, event, opened):
        recorded = as_recorded_in(affected.case, event_there, now, history_by_day=history_by_day)
        shared = {recorded.key: crime_event_key} if of_crime else {}
        # An agency has something to do with the case that it wrote to, not with others of the crime.
        by_an_agency = by.role is Role.API_CLIENT and affected is stored
        source = "agency" if by_an_agency else "recorded"
        _save(connection, affected, recorded, replace(recording, crime_event_keys=shared, source=source), law)
        key = recorded.key if affected is stored else key
    return key


def _save(
    connection: Connection, affected: cases.StoredCase, recorded: JourneyEvent, how: cases.Recording, law: Law
) -> None:
    """Store it in this case, with what goes or is told because of it."""
    after = affected.case.record(recorded)
    cases.save(connection, affected, after, how, law)
    if recorded.kind in _WITHDRAWS:
        _forget_withdrawn(connection, affected.id, after.journey)
    if recorded.kind in _STEPS:
        steps_taken = replace(affected, case=after)
        tell_of_steps(connection, before=affected.case.journey, after=steps_taken, by=how.by, now=how.at)


def _opened(connection: Connection, ref: str, *, of_crime: bool) -> Opened:
    loaded = cases.load_with_crime(connection, ref) if of_crime else [cases.load(connection, ref)]
    return Opened(next(case for case in loaded if case.case.ref == ref), loaded)


def open_for(
    connection: Connection, ref: str, by: Person, action: Action, *, of_crime: bool = False
) -> cases.StoredCase:
    """Load a case to write to it, if `by` may. A case that they may not touch does not exist for them.

    `of_crime`: what will be recorded happened to the crime, which is locked with all its cases before any of them.
    """
    return open_to_record(connection, ref, by, action, of_crime=of_crime).stored


def open_to_record(connection: Connection, ref: str, by: Person, action: Action, *, of_crime: bool) -> Opened:
    """The same, for `record_event` to go on with."""
    opened = _opened(connection, ref, of_crime=of_crime)
    _check_may(connection, by, action, opened.stored)
    return opened


def check_may_record(connection: Connection, event: NewEvent, stored: cases.StoredCase, *, by: Person) -> None:
    """Raise `NoSuchCase` where `by` may not record this on this case: who records a part only corrects nothing.

    Raise `EventRefused` for names that nothing bears, and where it takes somebody else.
    """
    action = recording_of(event.kind) if event.corrects else recording_by(by, event.kind)
    _check_may(connection, by, action, stored)
    _refuse_unknown_names(event, stored)
    refuse_own_decision(connection, stored, kind=event.kind, duties=event.duties, correction=event.correction, by=by)


def _check_may(connection: Connection, by: Person, action: Action, stored: cases.StoredCase) -> None:
    if not may(by, action, _holder(connection, by, action, stored)):
        raise cases.NoSuchCase(stored.case.ref)


def _holder(connection: Connection, by: Person, action: Action, stored: cases.StoredCase) -> CaseHolder:
    """Who holds it; and, where that is what decides, with which services a referral lies, whether it is at court, or
    whether it concerns the agency that asks."""
    scope, holder = scope_of(by, action), stored.holder
    if by.role is Role.API_CLIENT:
        holder = concerned.holder_for_agency(connection, by, stored.id, stored.case, holder)
    if scope is Scope.REFERRED:
        return replace(holder, referred_to=outgoing_referrals.services_with(connection, stored.id))
    if scope is Scope.AT_COURT:
        chains = stored.case.journey.chains().values()
        at_court = is_at_court(chains) and status_of(chains) == "open"
        return replace(stored.holder, at_court_in=stored.case.area if at_court else None)
    return holder


def _refuse_unknown_names(event: NewEvent, stored: cases.StoredCase) -> None:
    """What it answers and links must be of this case: a name that nothing bears would answer nothing, silently."""
    known = {recorded.key for recorded in stored.case.journey.events}
    if any(duty.start not in known for duty in event.duties):
        raise EventRefused(event.kind, "duties", "a duty that it names was not started in this case")
    if event.kind in NAME_A_CONTACT and event.details.get("contact") not in known:
        raise EventRefused(event.kind, "contact", "the contact that it names is not in this case")


def _forget_withdrawn(connection: Connection, case_id: int, journey: Journey) -> None:
    """Destroy what went with every referral that lies with its service no longer."""
    support = support_of(journey)
    lying = [each.key for each in support.referrals if support.lies_with_its_service(each.key)]
    outgoing_referrals.forget_documents(connection, case_id=case_id, but=lying)


def _in_each_case(
    connection: Connection, event: NewEvent, opened: Opened
) -> Iterator[tuple[cases.StoredCase, NewEvent]]:
    """Each case in which to record it, with the event as it is there: a correction names that case's own copy."""
    corrected_in: Mapping[int, str] = {}
    if event.corrects:
        shared = cases.versions_by_crime_event(connection, event.corrects)
        corrected_in = {**shared, opened.stored.id: event.corrects}
    for affected in opened.loaded:
        if not event.corrects:
            yield affected, event
        elif affected.id in corrected_in:
            yield affected, replace(event, corrects=corrected_in[affected.id])


def as_recorded_in(case: Case, event: NewEvent, now: datetime, *, history_by_day: bool = False) -> JourneyEvent:
    """The event as this case has it: recorded after all that was, and history to a victim who joined after its day.

    Only with `history_by_day` does its own day decide that: see `record_event`.
    """
    recorded = as_recorded(event, case.next_instant(now))
    if history_by_day and EVENT_KINDS[event.kind].of_crime and not event.corrects:
        return replace(recorded, as_history=before_joining(recorded, case.journey))
    return recorded


def as_recorded(event: NewEvent, recorded_at: datetime) -> JourneyEvent:
    """The event of the journey that it becomes, with a key of its own."""
    return JourneyEvent(
        key=new_key(),
        kind=event.kind,
        happened=event.happened,
        recorded_at=recorded_at,
        received=event.received,
        subject=event.subject,
        details=event.details,
        duties=tuple(event.duties),
        corrects=event.corrects,
        correction=event.correction,
        contacts_recorded=event.contacts_recorded,
    )

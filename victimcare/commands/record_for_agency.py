"""Record what the system of another agency tells: an event of its own, on a case that concerns it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import NewEvent, Opened, open_to_record, record_event
from victimcare.domain.agencies import RECEIVES_WHAT_IT_RECORDS
from victimcare.domain.calendar import london_date
from victimcare.domain.case import EventRefused
from victimcare.domain.doubtful_days import is_before_report
from victimcare.domain.entitlements import assess
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.journey import DutyNamed, Moment
from victimcare.domain.kinds.contact import MADE_BY
from victimcare.domain.kinds.decision import TOLD_BY
from victimcare.domain.law import Law
from victimcare.domain.people import Person, recording_by
from victimcare.domain.standing import Standing
from victimcare.store.cases import StoredCase

_OPEN = (Standing.OVERDUE, Standing.DUE_TODAY, Standing.DUE)


def record_for_agency(
    connection: Connection,
    *,
    ref: str,
    event: NewEvent,
    by: Person,
    now: datetime,
    law: Law,
    seen_version: int | None = None,
    opened: Opened | None = None,
) -> str:
    """Record it and return the event's key. `opened` is what `open_for_agency` gave, in this transaction.

    It answers duties of the agency alone. News that did not say when it was received was received now. A contact with
    the victim must answer one of them, for whether the police keep in touch is not for others to say. Raises
    `EventRefused` for that, and what `record_event` raises.
    """
    opened = opened or open_for_agency(connection, ref=ref, kind=event.kind, by=by)
    _check_answers(event, opened.stored, by=by, now=now, law=law)
    _check_happened(event, opened.stored)
    _check_received(event, by)
    _check_who_tells(event, by)
    if EVENT_KINDS[event.kind].received and event.received is None:
        event = replace(event, received=Moment.instant(now))
    if event.kind is EventKind.CONTACT_MADE:
        event = replace(event, details={**event.details, MADE_BY: str(by.agency)})
    return record_event(
        connection, ref=ref, event=event, by=by, now=now, law=law, seen_version=seen_version, opened=opened
    )


def open_for_agency(connection: Connection, *, ref: str, kind: EventKind, by: Person) -> Opened:
    """The case, locked. Raises `NoSuchCase` unless the agency may record this there now, which is also asked before it
    is told again what it was told."""
    return open_to_record(connection, ref, by, recording_by(by, kind), of_crime=EVENT_KINDS[kind].of_crime)


def _check_happened(event: NewEvent, stored: StoredCase) -> None:
    """A system cannot be asked whether it is sure: what cannot be true is refused, and what is late is taken."""
    if is_before_report(event.kind, event.happened.on, stored.case.journey):
        raise EventRefused(event.kind, "happened", "it cannot have happened before the crime was reported")


def _check_received(event: NewEvent, by: Person) -> None:
    received, happened = event.received, event.happened
    if received is None:
        return
    if by.agency not in RECEIVES_WHAT_IT_RECORDS:
        why = "leave it out: it is received when it arrives here, or whoever received it before records it"
        raise EventRefused(event.kind, "received", why)
    if received.on < happened.on or (received.at and happened.at and received.at < happened.at):
        raise EventRefused(event.kind, "received", "it cannot have been received before it happened")


def _check_who_tells(event: NewEvent, by: Person) -> None:
    """What decides who must tell the victim is not for one agency to say of another."""
    if event.details.get(TOLD_BY) not in (None, by.agency):
        raise EventRefused(event.kind, f"details.{TOLD_BY}", "name your own agency, or leave it out")


def _check_answers(event: NewEvent, stored: StoredCase, *, by: Person, now: datetime, law: Law) -> None:
    if event.kind is EventKind.CONTACT_MADE and not event.duties:
        raise EventRefused(event.kind, "answers", "say which duty of yours it answered")
    if not event.duties:
        return
    today = london_date(now)
    open_now = {
        (one.rule.id, one.start.current.key): one
        for one in assess(stored.case.journey, law.code, law.calendar)
        if one.owed_by == by.agency and one.standing_on(today) in _OPEN and event.kind in one.rule.met_by
    }
    for duty in event.duties:
        owed = open_now.get((duty.rule, duty.start))
        if owed is None:
            why = "choose from the duties of yours that are open and that it can answer"
            raise EventRefused(event.kind, "answers", why)
        _check_told(event.kind, duty, {telling.id for telling in owed.rule.due_tellings(owed.start.current.details)})


def _check_told(kind: EventKind, duty: DutyNamed, due: set[str]) -> None:
    if duty.told - due:
        raise EventRefused(kind, "answers", "what was told is not among what the duty says must be told")
    if due and not duty.told:
        raise EventRefused(kind, "answers", f"say what the victim was told of {duty.rule}")

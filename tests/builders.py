"""Plain builders: the journeys that tests speak of, in few words."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from itertools import count

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import (
    Correction,
    DutyNamed,
    Journey,
    JourneyEvent,
    Moment,
    Precision,
    Value,
)

When = Moment | date | str
_numbers = count(1)


def moment(when: When) -> Moment:
    """A moment from a date, an aware instant, or words: "2026-05" (a month), "2026-05-22", an ISO instant."""
    if isinstance(when, Moment):
        return when
    if isinstance(when, str):
        if len(when) == len("2026-05"):
            return Moment.month(int(when[:4]), int(when[5:]))
        when = datetime.fromisoformat(when) if "T" in when else date.fromisoformat(when)
    return Moment.instant(when.astimezone(UTC)) if isinstance(when, datetime) else Moment.day(when)


def evening_of(day: date) -> datetime:
    """The aware instant at which a test's events of that day are recorded unless it says otherwise."""
    return datetime.combine(day, time(18), UTC)


def duty(rule: str, start: str, *told: str) -> DutyNamed:
    """A duty that an event names: the rule, the key of the event that started it, what of it was told."""
    return DutyNamed(rule, start, frozenset(told))


def event(
    kind: EventKind | str,
    happened: When,
    *,
    key: str = "",
    recorded: datetime | date | str | None = None,
    received: When | None = None,
    subject: str | None = None,
    answers: Iterable[DutyNamed] = (),
    corrects: str | None = None,
    correction: Correction | str | None = None,
    contacts_recorded: bool = True,
    details: Mapping[str, Value] | None = None,
    **more_details: Value,
) -> JourneyEvent:
    """One event; recorded on the evening of the later of the days it happened and was received."""
    at, received_at = moment(happened), moment(received) if received is not None else None
    return JourneyEvent(
        key=key or f"event-{next(_numbers):06}",
        kind=EventKind(kind),
        happened=at,
        recorded_at=_recorded(recorded, at, received_at),
        received=received_at,
        subject=subject,
        details={**(details or {}), **more_details},
        duties=tuple(answers),
        corrects=corrects,
        correction=Correction(correction) if correction else None,
        contacts_recorded=contacts_recorded,
    )


def _recorded(recorded: datetime | date | str | None, happened: Moment, received: Moment | None) -> datetime:
    if recorded is None:
        latest = max((happened, received or happened), key=lambda known: known.on)
        return latest.at if latest.precision is Precision.INSTANT and latest.at else evening_of(latest.on)
    known = moment(recorded)
    return known.at or evening_of(known.on)


def journey(*events: JourneyEvent, case_ref: str = "BED-000001") -> Journey:
    """The journey of these events."""
    return Journey.of(case_ref, events)

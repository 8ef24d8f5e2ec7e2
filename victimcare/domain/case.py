"""One case: one victim's journey through one crime, with exactly one case officer at every moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from victimcare.domain.calendar import london_date
from victimcare.domain.event_kinds import EVENT_KINDS, DetailType, EventKind
from victimcare.domain.journey import Correction, EventChain, Journey, JourneyEvent, Moment, Precision
from victimcare.domain.kinds.contact import PROMISED
from victimcare.domain.people import CaseHolder

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)
_TURNS = (EventKind.CASE_CLOSED, EventKind.CASE_REOPENED)
_TYPES: dict[DetailType, type] = {DetailType.DATE: date, DetailType.YES_NO: bool, DetailType.NUMBER: int}


@dataclass(frozen=True, slots=True)
class CustodyPeriod:
    """Who held the case from `from_at` (UTC instant) until the next period begins."""

    officer_id: str
    team_id: str
    from_at: datetime
    from_on: date


@dataclass(frozen=True, slots=True)
class Case:
    """The aggregate. `version` counts its writes, so that two people editing it cannot overwrite each other."""

    ref: str
    journey: Journey
    version: int
    area: str
    crime_type: str

    @property
    def holder(self) -> CaseHolder:
        """The case officer now."""
        last = self.custody()[-1]
        return CaseHolder(last.officer_id, last.team_id)

    def custody(self) -> tuple[CustodyPeriod, ...]:
        """Every case officer in turn. Raises `NoCaseOfficer` where the journey names none."""
        return custody_of(self.journey)

    def next_instant(self, now: datetime) -> datetime:
        """When something recorded `now` counts as recorded: after all that was, also where two clocks differ."""
        last = max(event.recorded_at for event in self.journey.events)
        return now if now > last else last + _INSTANT

    def record(self, *events: JourneyEvent) -> Case:
        """The case with these events appended. Raises `EventRefused` with a sentence for the person recording."""
        chains = self.journey.chains()
        for event in events:
            _check(event, chains)
        journey = Journey(self.ref, self.journey.events + events)
        return replace(self, journey=journey, version=self.version + 1)


def custody_of(journey: Journey) -> tuple[CustodyPeriod, ...]:
    """The case officers of a journey in turn, from its first moment. Raises `NoCaseOfficer`."""
    assigned = [e for e in journey.events if e.kind is EventKind.OFFICER_ASSIGNED]
    if not assigned:
        raise NoCaseOfficer(journey.case_ref)
    assigned.sort(key=lambda event: (event.recorded_at, event.key))
    return tuple(
        CustodyPeriod(str(e.details["officer"]), str(e.details["team"]), e.recorded_at, e.happened.on) for e in assigned
    )


def held_on(custody: tuple[CustodyPeriod, ...], day: date) -> CustodyPeriod:
    """Who held the case at the end of `day` (London date): the first officer for any day before."""
    holder = custody[0]
    for period in custody[1:]:
        if period.from_on <= day:
            holder = period
    return holder


def status_of(chains: Iterable[EventChain]) -> str:
    """Whether the case is "open", "closed" or "void" by what happened of `chains`.

    Closed and reopened on one day at no known hour, it is open: rather that than a victim forgotten.
    """
    happened = [chain.current for chain in chains if chain.happened]
    if any(event.kind is EventKind.CASE_VOIDED for event in happened):
        return "void"
    return "closed" if is_closed(happened) else "open"


def is_closed(happened: Iterable[JourneyEvent]) -> bool:
    """Whether the case is closed by the last closing or reopening of these events; open in doubt."""
    turns = [event for event in happened if event.kind in _TURNS]
    last = max(turns, key=_open_in_doubt, default=None)
    return last is not None and last.kind is EventKind.CASE_CLOSED


def _open_in_doubt(event: JourneyEvent) -> tuple[date, datetime, bool]:
    reopened = event.kind is EventKind.CASE_REOPENED
    return event.happened.on, event.happened.at or (_LAST if reopened else _FIRST), reopened


def _check(event: JourneyEvent, chains: dict[str, EventChain]) -> None:
    facts = EVENT_KINDS[event.kind]
    if _is_after(event.happened, event.recorded_at):
        raise EventRefused(event.kind, "happened", "it cannot have happened after it was recorded")
    if event.received is not None and _is_after(event.received, event.recorded_at):
        raise EventRefused(event.kind, "received", "it cannot have been received after it was recorded")
    if (
        facts.subject in ("suspect", "hearing")
        and not event.subject
        and event.happened.precision is not Precision.MONTH
    ):
        raise EventRefused(event.kind, "subject", f"say which {facts.subject} it is about")
    for detail in facts.details:
        _check_detail(event, detail.name, detail.type, detail.required, detail.choices)
    promised = event.details.get(PROMISED)
    if isinstance(promised, date) and promised <= event.happened.on:
        raise EventRefused(event.kind, PROMISED, "the next contact must be after the day of this one")
    if event.correction is not None or event.corrects is not None:
        _check_correction(event, chains)
    elif event.kind in _TURNS:
        _check_turn(event, status_of(chains.values()))


def _check_turn(event: JourneyEvent, status: str) -> None:
    """Only what is open is closed, and only what is closed is reopened."""
    turned = "closed" if event.kind is EventKind.CASE_REOPENED else "open"
    if status != turned:
        raise EventRefused(event.kind, "happened", f"this case is {status} already")


def _is_after(moment: Moment, instant: datetime) -> bool:
    return moment.at > instant if moment.at is not None else moment.on > london_date(instant)


def _check_detail(event: JourneyEvent, name: str, kind: DetailType, required: bool, choices: object) -> None:
    value = event.details.get(name)
    if value is None:
        if required and event.correction is not Correction.NEVER_HAPPENED:
            raise EventRefused(event.kind, name, "it must be given")
        return
    # Not `isinstance`: a truth value is an int to Python and an instant a date, but not when read back.
    if type(value) is not _TYPES.get(kind, str):
        raise EventRefused(event.kind, name, f"it must be a {kind.value.replace('_', '/')}")
    if isinstance(choices, dict) and value not in choices:
        raise EventRefused(event.kind, name, f"{value!r} is not one of {', '.join(choices)}")
    if isinstance(value, int) and value < 0:
        raise EventRefused(event.kind, name, "it cannot be less than 0")


def _check_correction(event: JourneyEvent, chains: dict[str, EventChain]) -> None:
    if event.correction is None:
        raise EventRefused(event.kind, "correction", "say what the correction does")
    corrected = next((c for c in chains.values() if event.corrects in c.versions), None)
    if corrected is None:
        raise EventRefused(event.kind, "corrects", "the event to correct is not in this case")
    if corrected.root.kind is not event.kind:
        raise EventRefused(event.kind, "corrects", "a correction keeps the kind of the event it corrects")
    if event.kind is EventKind.OFFICER_ASSIGNED:
        raise EventRefused(event.kind, "corrects", "a case officer is changed by assigning another, not corrected")
    if event.kind in (EventKind.DEADLINE_MOVED, EventKind.CODE_CHANGED):
        raise EventRefused(event.kind, "corrects", "a deadline is moved by another change of the law, not corrected")
    if event.kind is EventKind.VICTIM_CORRECTED:
        raise EventRefused(event.kind, "corrects", "what is known of a victim is put right by correcting it again")


class NoCaseOfficer(ValueError):
    """A case without a case officer, which must not exist."""

    def __init__(self, case_ref: str) -> None:
        self.case_ref = case_ref
        super().__init__(f"case {case_ref} has no case officer")


class EventRefused(ValueError):
    """An event that cannot be recorded; `field` names what is wrong with it."""

    def __init__(self, kind: EventKind, field: str, why: str) -> None:
        self.kind = kind
        self.field = field
        self.why = why
        super().__init__(f"{EVENT_KINDS[kind].title}: {field}: {why}")

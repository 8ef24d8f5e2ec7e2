"""The journey on one line: the stages that a crime goes through, when each was reached, and what is waited for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from victimcare.domain.case import status_of
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.hearings import with_kinds_of_hearings
from victimcare.domain.journey import EventChain, JourneyEvent, Precision

_K = EventKind
_ENDED = (
    _K.DECIDED_NOT_TO_INVESTIGATE,
    _K.INVESTIGATION_CLOSED_NO_SUSPECT,
    _K.OUT_OF_COURT_DISPOSAL,
    _K.POLICE_DECIDED_NO_PROSECUTION,
    _K.CPS_DECIDED_NO_CHARGE,
)
_HEARINGS = (_K.HEARING_LISTED, _K.HEARING_ADJOURNED)
_RESULTS = (_K.COURT_OUTCOME_RECEIVED, _K.SENTENCE_RECEIVED)

STAGES: Mapping[str, tuple[EventKind, ...]] = {
    "Report": (_K.CRIME_REPORTED, _K.CRIME_RECORDED),
    "Investigation": (
        _K.SUSPECT_ARRESTED,
        _K.SUSPECT_INTERVIEWED,
        _K.SUSPECT_BAILED,
        _K.SUSPECT_RELEASED_UNDER_INVESTIGATION,
        _K.SUSPECT_RELEASED_WITHOUT_CHARGE,
        _K.BAIL_CONDITIONS_CHANGED,
        _K.BAIL_CANCELLED,
    ),
    "Decision": (*_ENDED, _K.SUSPECT_CHARGED, _K.CPS_CHANGED_CHARGES),
    "Court": (
        *_HEARINGS,
        _K.PLEA_RECEIVED,
        _K.BAIL_RESULT_RECEIVED,
        _K.WARRANT_RECEIVED,
        _K.REARREST_RESULT_RECEIVED,
        _K.REQUIRED_TO_GIVE_EVIDENCE,
        _K.TRIAL_STARTED,
    ),
    "Outcome": (*_RESULTS,),
    "After the outcome": (
        _K.SENTENCE_REVIEW_ASKED,
        _K.SENTENCE_REVIEW_DECIDED,
        _K.APPEAL_LODGED,
        _K.APPEAL_NEWS_RECEIVED,
        _K.SUPREME_COURT_RESULT_RECEIVED,
        _K.VCS_REFERRED,
        _K.VCS_FIRST_CONTACT,
        _K.RELEASE_INFORMATION_RECEIVED,
        _K.LICENCE_CONDITIONS_ASKED,
        _K.LICENCE_CONDITIONS_DECIDED,
    ),
}
"""The stages in their order, each with the kinds of event by which it is reached."""


def stage_code(name: str) -> str:
    """What names a stage wherever it is stored."""
    return name.lower().replace(" ", "_")


_WAITING = {
    "Report": "an arrest, an interview, or a decision on the investigation",
    "Investigation": "a decision by the police or the Crown Prosecution Service",
    "Decision": "the date of the first hearing",
    "Court": "the outcome of the case, or the date of another hearing",
    "Outcome": "the sentence, an appeal, or the end of the case",
    "After the outcome": "further news of the offender",
}
_SENTENCED = "an appeal, or news of the offender"
_STOPPED = "nothing, unless the decision is reviewed or a new suspect is found"


@dataclass(frozen=True, slots=True)
class StagePoint:
    """One stage. `reached_on` is the London date of the first event by which it was reached; None if it was not.

    `now`: it is the furthest stage reached. `month_only`: of that date only the month is known. `passed`: nothing was
    recorded at this stage, and a later one is reached.
    """

    name: str
    reached_on: date | None
    month_only: bool
    now: bool
    passed: bool = False


@dataclass(frozen=True, slots=True)
class NextHearing:
    """A hearing still to come, by its label and its kind's code; `on` is a London date."""

    label: str
    hearing_type: str
    on: date


@dataclass(frozen=True, slots=True)
class StageLine:
    """The stages in order, and what is waited for: a hearing where one is listed, else in words ("" if closed)."""

    points: tuple[StagePoint, ...]
    waiting_for: str
    hearing: NextHearing | None


def stage_line(chains: Mapping[str, EventChain], *, today: date) -> StageLine:
    """The line of these events as it stands on `today` (London date)."""
    known = list(with_kinds_of_hearings(chains).values())
    events = [chain.current for chain in known if chain.happened and chain.current.happened.on <= today]
    first = {name: min(_of(events, kinds), key=_day, default=None) for name, kinds in STAGES.items()}
    reached = [name for name, event in first.items() if event is not None]
    now = reached[-1] if reached else ""
    passed = list(STAGES)[: list(STAGES).index(now)] if now else []
    points = tuple(_point(name, event, now, passed=name in passed) for name, event in first.items())
    if status_of(known) != "open":
        return StageLine(points, "", None)
    hearing = _next_hearing(known, events, today)
    return StageLine(points, _waiting_for(now, events), hearing)


@dataclass(frozen=True, slots=True)
class Standstill:
    """The code of the furthest stage of an open case, and the London date after which nothing happened at any.

    That day is the one of a hearing where one is listed for later: until then nothing needs to happen.
    """

    stage: str
    since_on: date


def standstill(chains: Iterable[EventChain]) -> Standstill | None:
    """Since when the case of these events stands still, and where; None where it is not open, or at no stage."""
    known = [chain for chain in chains if chain.happened]
    events = [chain.current for chain in known]
    reached = [name for name, kinds in STAGES.items() if _of(events, kinds)]
    if not reached or status_of(known) != "open":
        return None
    days = [event.happened.on for kinds in STAGES.values() for event in _of(events, kinds)]
    hearings = [on for event in _latest_news(known).values() if (on := _hearing_on(event))]
    return Standstill(stage_code(reached[-1]), max(days + hearings))


def _of(events: Iterable[JourneyEvent], kinds: Sequence[EventKind]) -> list[JourneyEvent]:
    return [event for event in events if event.kind in kinds]


def _day(event: JourneyEvent) -> date:
    return event.happened.on


def _point(name: str, event: JourneyEvent | None, now: str, *, passed: bool) -> StagePoint:
    if event is None:
        return StagePoint(name, None, False, False, passed)
    return StagePoint(name, event.happened.on, event.happened.precision is Precision.MONTH, name == now)


def _waiting_for(now: str, events: Sequence[JourneyEvent]) -> str:
    decisions = _of(events, STAGES["Decision"])
    if now == "Decision" and max(decisions, key=_day).kind in _ENDED:
        return _STOPPED
    if now == "Outcome" and any(event.kind is _K.SENTENCE_RECEIVED for event in events):
        return _SENTENCED
    return _WAITING.get(now, "")


def _next_hearing(chains: Iterable[EventChain], events: Sequence[JourneyEvent], today: date) -> NextHearing | None:
    """The first hearing from today on: of each hearing only its latest news counts, and none that had its result."""
    had_result = {event.subject for event in _of(events, _RESULTS)}
    coming = [
        NextHearing(label, str(event.details.get("hearing_type", "")), on)
        for label, event in _latest_news(chains).items()
        if label is not None and label not in had_result and (on := _hearing_on(event)) and on >= today
    ]
    return min(coming, key=lambda hearing: (hearing.on, hearing.label), default=None)


def _latest_news(chains: Iterable[EventChain]) -> dict[str | None, JourneyEvent]:
    """Of each hearing, by its label, the last that was heard of its day."""
    news = [c.current for c in chains if c.happened and c.current.kind in _HEARINGS]
    return {event.subject: event for event in sorted(news, key=lambda e: (e.received or e.happened).on)}


def _hearing_on(event: JourneyEvent) -> date | None:
    on = event.details.get("hearing_on")
    return on if isinstance(on, date) else None

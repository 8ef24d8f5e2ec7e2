"""The journey of one victim through one crime: an append-only list of events.

Nothing is edited. A correction is a new event that names the one it corrects, so what was thought at any past
instant can always be read again (`Journey.as_known_at`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType

from victimcare.domain.calendar import london_date
from victimcare.domain.event_kinds import EventKind

ALWAYS_HISTORY = (EventKind.CRIME_REPORTED, EventKind.CRIME_RECORDED)
"""Of a victim who was recorded later: their clocks are those of being recorded as one."""
Value = str | int | bool | date
_NO_DETAILS: Mapping[str, Value] = MappingProxyType({})


class Precision(StrEnum):
    """How exactly a moment is known."""

    INSTANT = "instant"
    DAY = "day"
    MONTH = "month"


class Correction(StrEnum):
    """What a correction says of the event that it names."""

    AMENDS = "amends"
    """The date or a label was wrong; answers already given stand."""
    CHANGES_NEWS = "changes_news"
    """The news itself was wrong: whoever was told was told the wrong thing, and must be told again."""
    NEVER_HAPPENED = "never_happened"
    """It did not happen."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened: a London date, and the UTC instant where it is known that exactly.

    Of a moment known to the month only, `on` is the first of that month.
    """

    on: date
    at: datetime | None = None
    precision: Precision = Precision.DAY

    @classmethod
    def instant(cls, at: datetime) -> Moment:
        """The moment of an aware instant. Raises `ValueError` for a naive one."""
        return cls(london_date(at), at, Precision.INSTANT)

    @classmethod
    def day(cls, on: date) -> Moment:
        """Some time on a London date."""
        return cls(on)

    @classmethod
    def month(cls, year: int, month: int) -> Moment:
        """Some day of a month."""
        return cls(date(year, month, 1), None, Precision.MONTH)


@dataclass(frozen=True, slots=True)
class DutyNamed:
    """A duty that an event names: the rule, the event that started it, and what of it the victim was told.

    `start` is the version of the starting event that the person recording had before them, so that a later
    correction of the news voids exactly the answers that told the old news.
    """

    rule: str
    start: str
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class JourneyEvent:
    """One thing that happened. `key` is unique; `recorded_at` and then `key` order corrections of one event.

    `received` is when the agency that owes the duty learned of it, where that is not when it happened.
    `contacts_recorded` is false where the source publishes no contacts, so that silence proves nothing.
    `as_history`: it happened to the crime before this victim was recorded; it is known, and starts no clock.
    """

    key: str
    kind: EventKind
    happened: Moment
    recorded_at: datetime
    received: Moment | None = None
    subject: str | None = None
    details: Mapping[str, Value] = field(default_factory=lambda: _NO_DETAILS)
    duties: tuple[DutyNamed, ...] = ()
    corrects: str | None = None
    correction: Correction | None = None
    contacts_recorded: bool = True
    as_history: bool = False


@dataclass(slots=True)
class EventChain:
    """An event with all its corrections in the order in which they were recorded; the last one wins.

    `current` is the last version that says what happened, `happened` whether the last word is that it did;
    `clock_event` has the moments that clocks count from. `told`: where it was corrected, every version that says
    what happened. `is_history`: it happened before this victim was recorded, also by what is now known.
    """

    root: JourneyEvent
    current: JourneyEvent
    clock_event: JourneyEvent
    versions: tuple[str, ...]
    versions_of_news: tuple[str, ...]
    happened: bool = True
    told: tuple[JourneyEvent, ...] = ()
    is_history: bool = False

    @property
    def key(self) -> str:
        """The key of the first event, which never changes."""
        return self.root.key


@dataclass(frozen=True, slots=True)
class Journey:
    """The events of one case, in any order."""

    case_ref: str
    events: tuple[JourneyEvent, ...]

    @classmethod
    def of(cls, case_ref: str, events: Iterable[JourneyEvent]) -> Journey:
        """The journey of these events."""
        return cls(case_ref, tuple(events))

    def as_known_at(self, instant: datetime) -> Journey:
        """The journey as it stood recorded at `instant` (aware UTC)."""
        return Journey(self.case_ref, tuple(e for e in self.events if e.recorded_at <= instant))

    def chains(self) -> dict[str, EventChain]:
        """Every event with its corrections, by the key of its first event, oldest first.

        A correction of an event that is not in the journey raises `CorrectsNothing`.
        """
        if not any(event.corrects for event in self.events):
            ordered = sorted(self.events, key=_by_time)
            return {e.key: EventChain(e, e, e, (e.key,), (e.key,), is_history=e.as_history) for e in ordered}
        return _corrected_chains(self.events)


_BEFORE_ANY_HOUR = datetime.min.replace(tzinfo=UTC)


def by_moment(event: JourneyEvent) -> tuple[date, datetime]:
    """What orders events: their London day, and where it is known their instant."""
    return event.happened.on, event.happened.at or _BEFORE_ANY_HOUR


def _by_time(event: JourneyEvent) -> tuple[date, datetime, str]:
    # The key settles what the hour does not: the order of recording must not matter.
    return *by_moment(event), event.key


def _by_recording(event: JourneyEvent) -> tuple[datetime, str]:
    return event.recorded_at, event.key


def _corrected_chains(events: tuple[JourneyEvent, ...]) -> dict[str, EventChain]:
    root_of = _roots(events)
    members: dict[str, list[JourneyEvent]] = {}
    for event in sorted(events, key=_by_recording):
        members.setdefault(root_of[event.key], []).append(event)
    joined_on = next((event.happened.on for event in events if event.kind is EventKind.VICTIM_JOINED), None)
    chains = [_chain(key, versions, joined_on) for key, versions in members.items()]
    return {chain.key: chain for chain in sorted(chains, key=lambda chain: (*_by_time(chain.current)[:2], chain.key))}


def _roots(events: tuple[JourneyEvent, ...]) -> dict[str, str]:
    corrects = {event.key: event.corrects for event in events}
    roots = {}
    for key in corrects:
        root = key
        while (earlier := corrects.get(root)) is not None:
            if earlier not in corrects:
                raise CorrectsNothing(root, earlier)
            root = earlier
        roots[key] = root
    return roots


def _chain(key: str, members: list[JourneyEvent], joined_on: date | None) -> EventChain:
    root = next(event for event in members if event.key == key)
    versions = [root, *(event for event in members if event is not root)]
    since_news = max(
        (index for index, event in enumerate(versions) if event.correction is Correction.CHANGES_NEWS),
        default=0,
    )
    told = tuple(event for event in versions if event.correction is not Correction.NEVER_HAPPENED)
    current = told[-1]
    keys = tuple(event.key for event in versions)
    clock_event = _clock_event(versions)
    is_history = root.as_history and not _was_news_after_all(clock_event, joined_on)
    return EventChain(root, current, clock_event, keys, keys[since_news:], current is versions[-1], told, is_history)


def _was_news_after_all(event: JourneyEvent, joined_on: date | None) -> bool:
    """Whether a date that was put right since makes it news of the day on which the victim joined, or later."""
    put_right = not event.as_history and event.correction is Correction.AMENDS and event.kind not in ALWAYS_HISTORY
    return put_right and joined_on is not None and (event.received or event.happened).on >= joined_on


def _clock_event(versions: list[JourneyEvent]) -> JourneyEvent:
    """The event with the moments that its clock counts from: a date that was put right, never that of changed news."""
    clock = told = versions[0]
    for version in versions[1:]:
        if version.correction is Correction.AMENDS:
            # What an amendment merely repeats of the version before it was not put right by it.
            happened = clock.happened if version.happened == told.happened else version.happened
            received = clock.received if version.received == told.received else version.received
            clock = replace(version, happened=happened, received=received)
        if version.correction is not Correction.NEVER_HAPPENED:
            told = version
    return clock


class CorrectsNothing(ValueError):
    """A correction names an event that the journey does not hold."""

    def __init__(self, key: str, missing: str) -> None:
        self.key = key
        self.missing = missing
        super().__init__(f"event {key} corrects {missing}, which is not in this journey")

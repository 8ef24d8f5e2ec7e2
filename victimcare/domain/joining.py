"""A victim who is recorded after the crime: what happened to it before is their history, and starts no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.journey import ALWAYS_HISTORY, EventChain, Journey, JourneyEvent, Moment

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Copied:
    """An event of the crime as the new victim has it, and the key of that of which it is a copy."""

    event: JourneyEvent
    of_key: str


def copies_for(
    journey: Journey, *, joined: Moment | None, recorded_at: datetime, new_key: Callable[[], str]
) -> tuple[Copied, ...]:
    """What happened to the crime of this journey, corrections included, for a victim who joined it at that moment.

    What was news before is history. What was news on that day or later, or may have been, starts its clocks: rather
    something told twice than a victim who is not told. Each copy is recorded after `recorded_at`, in the order in which
    the events were. What an event answered in one case answers nothing in another. `joined` is None for a victim
    who was one from the first, and came to be known here after others: nothing of the crime is history to them.
    """
    of_crime = [chain for chain in journey.chains().values() if EVENT_KINDS[chain.root.kind].of_crime]
    history = {version for chain in of_crime if _is_history(chain, joined) for version in chain.versions}
    versions = {version for chain in of_crime for version in chain.versions}
    recorded = sorted(
        (e for e in journey.events if e.key in versions), key=lambda event: (event.recorded_at, event.key)
    )
    keys = {event.key: new_key() for event in recorded}
    return tuple(
        Copied(
            replace(
                event,
                key=keys[event.key],
                recorded_at=recorded_at + number * _INSTANT,
                duties=(),
                corrects=keys[event.corrects] if event.corrects else None,
                contacts_recorded=True,
                as_history=event.key in history,
            ),
            event.key,
        )
        for number, event in enumerate(recorded, start=1)
    )


def _is_history(chain: EventChain, joined: Moment | None) -> bool:
    """Whether it was news before the victim joined; at no known hour of the same day, it was not."""
    if joined is None:
        return False
    return _was_before(chain.clock_event, joined)


def before_joining(event: JourneyEvent, journey: Journey) -> bool:
    """Whether something that happened to the crime was news before this victim joined it, by its own day.

    Of somebody who was a victim from the first, nothing was.
    """
    joined = next((c.current for c in journey.chains().values() if c.root.kind is EventKind.VICTIM_JOINED), None)
    return joined is not None and _was_before(event, joined.happened)


def _was_before(event: JourneyEvent, joined: Moment) -> bool:
    if event.kind in ALWAYS_HISTORY:
        return True
    news = event.received or event.happened
    if news.on != joined.on:
        return news.on < joined.on
    return news.at is not None and joined.at is not None and news.at < joined.at

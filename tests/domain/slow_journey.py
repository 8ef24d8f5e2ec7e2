"""A journey read slowly: an event with its corrections, and yes, no or not yet known of its details."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

from victimcare.domain.conditions import Condition, Operator
from victimcare.domain.journey import Correction, Journey, JourneyEvent, Moment, Value

T = TypeVar("T")
NO_HOUR = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Moments:
    """From when clocks count: news that was changed keeps the moments that it had."""

    happened: Moment
    received: Moment | None
    contacts_recorded: bool


class Story:
    """An event with its corrections, the first one first and then in the order in which they were recorded."""

    def __init__(self, first: JourneyEvent, corrections: Iterable[JourneyEvent]) -> None:
        self.versions = [first, *sorted(corrections, key=lambda e: (e.recorded_at, e.key))]
        self.key = first.key
        self.kind = first.kind
        self.happened = self.versions[-1].correction is not Correction.NEVER_HAPPENED
        self.told = [e for e in self.versions if e.correction is not Correction.NEVER_HAPPENED]
        self.facts = self.told[-1]
        self.clock = Moments(
            self.put_right([e.happened for e in self.told]),
            self.put_right([e.received for e in self.told]),
            [e for e in self.told if e.correction is not Correction.CHANGES_NEWS][-1].contacts_recorded,
        )
        self.true_news: set[str] = set()
        for version in self.versions:
            if version.correction is Correction.CHANGES_NEWS:
                self.true_news = set()
            self.true_news.add(version.key)
        self.on = self.facts.happened.on
        self.when = when(self.facts.happened, self.key)
        self.news = when(self.clock.received or self.clock.happened, self.key)

    def put_right(self, said: list[T]) -> T:
        """The first that was said, or the last amendment that said something else than the version before it."""
        amended = [
            now
            for before, now, event in zip(said, said[1:], self.told[1:], strict=False)
            if now != before and event.correction is Correction.AMENDS
        ]
        return [said[0], *amended][-1]


def when(moment: Moment, key: str) -> tuple[date, datetime, str]:
    return moment.on, moment.at or NO_HOUR, key


def stories_of(journey: Journey) -> list[Story]:
    by_key = {event.key: event for event in journey.events}

    def first(event: JourneyEvent) -> str:
        return first(by_key[event.corrects]) if event.corrects else event.key

    roots = [event for event in journey.events if not event.corrects]
    stories = [Story(r, [e for e in journey.events if e is not r and first(e) == r.key]) for r in roots]
    return sorted(stories, key=lambda story: story.when)


def asks(condition: Condition, details: Mapping[str, Value]) -> bool | None:
    """Yes, no, or None: not yet known."""
    if condition.operator in (Operator.ALL, Operator.ANY):
        answers = [asks(part, details) for part in condition.parts]
        decisive = condition.operator is Operator.ANY
        if decisive in answers:
            return decisive
        return None if None in answers else not decisive
    if condition.detail not in details:
        return None
    value = details[condition.detail]
    if condition.operator is Operator.AT_LEAST:
        return int(str(value)) >= int(str(condition.values[0]))
    return value in condition.values

"""Clocks: which event starts one, on which day, and the day on which its limit ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from victimcare.domain.calendar import WorkingCalendar, add_calendar_days, add_calendar_months
from victimcare.domain.code import Clock, Edition, Length, Meeting, Rule, Unit
from victimcare.domain.conditions import Answer
from victimcare.domain.journey import EventChain, Precision
from victimcare.domain.standing import Ending

BEFORE_ANY_HOUR = datetime.min.replace(tzinfo=UTC)
# Looking up a member of an enumeration takes longer than all that is done with it here, thousands of times a second.
_HAPPENED, _RECEIVED, _CONFIRMED = Clock.HAPPENED, Clock.RECEIVED, Meeting.CONFIRMED
_WORKING_DAYS, _CALENDAR_DAYS, _MONTH, _NO = Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Precision.MONTH, Answer.NO


@dataclass(slots=True)
class Start:
    """A clock that starts: on which day, and for a clock between agencies the event that confirms it.

    `in_error`: it once started by what was recorded, and by what is now known it never did. `counted_from`: the limit
    is counted from this later day, on which a new edition took the duty over. `begun_anew`: the event came before that
    edition, which lets the clock start on the day it commences.
    """

    rule: Rule
    edition: Edition
    chain: EventChain
    on: date | None
    confirmed: EventChain | None = None
    limit_days: int | None = None
    met_on: tuple[date, str] | None = None
    stopped: tuple[date, str, Ending] | None = None
    in_error: bool = False
    counted_from: date | None = None
    begun_anew: bool = False

    def rests_by(self, ending: tuple[date, Ending, str] | None) -> bool:
        """Whether this ending is that the case was closed, with which the agreed interval rests."""
        return ending is not None and self.stopped == (ending[0], ending[2], Ending.NOT_APPLICABLE)


def add_limit(start: date, limit: Length, calendar: WorkingCalendar) -> date:
    """The last day on which a duty with this limit is kept, `start` being day 0."""
    if limit.unit is _WORKING_DAYS:
        return calendar.add_working_days(start, limit.amount)
    if limit.unit is _CALENDAR_DAYS:
        return add_calendar_days(start, limit.amount)
    return add_calendar_months(start, limit.amount)


def start_of(rule: Rule, edition: Edition, chain: EventChain, living: Sequence[EventChain]) -> Start | None:
    """The clock that this event starts under this rule of this edition, if it starts one."""
    if rule.meeting is _CONFIRMED:
        return _confirmed_start(rule, edition, chain, living)
    in_error = not _applies(rule, chain)
    if in_error and not _ever_applied(rule, chain):
        return None
    on = _clock_day(rule, chain)
    start = Start(rule, edition, chain, on, in_error=in_error)
    return _governed(start)


def _governed(start: Start) -> Start | None:
    """The start, where its edition governs it; from commencement on where the edition lets it begin then."""
    edition, day = start.edition, start.on or start.chain.clock_event.happened.on
    if edition.covers(day):
        return start
    if edition.transition is None or start.on is None or start.in_error or not edition.begins_with(start.rule, day):
        return None
    return replace(start, on=edition.in_force_from, begun_anew=True)


def _applies(rule: Rule, chain: EventChain) -> bool:
    """Whether the rule's condition says yes, or not yet, of what is now known of the event."""
    return chain.happened and rule.condition.ask(chain.current.details) is not _NO


def _ever_applied(rule: Rule, chain: EventChain) -> bool:
    """Whether it did of any version of the event: a duty that once was shown does not vanish."""
    return any(rule.condition.ask(event.details) is not _NO for event in chain.told or (chain.current,))


def _confirmed_start(rule: Rule, edition: Edition, chain: EventChain, living: Sequence[EventChain]) -> Start | None:
    if chain.root.kind in rule.confirmed_by:
        listing = _listing_confirmed_by(rule, chain, living)
        if listing is not None and _result_of(rule, listing, living) is chain:
            return None
        on: date | None = chain.clock_event.happened.on
        start = Start(rule, edition, chain, on, chain, met_on=_receipt(chain), in_error=not chain.happened)
    else:
        in_error = not _applies(rule, chain)
        if in_error and not _ever_applied(rule, chain):
            return None
        confirmed = _result_of(rule, chain, living)
        on = confirmed.clock_event.happened.on if confirmed else _clock_day(rule, chain)
        met_on = _receipt(confirmed) if confirmed else None
        start = Start(rule, edition, chain, on, confirmed, met_on=met_on, in_error=in_error)
    return _governed(start)


def _result_of(rule: Rule, listing: EventChain, living: Sequence[EventChain]) -> EventChain | None:
    """The result of the hearing that was received first; any further one is a clock of its own."""
    results = [
        c for c in living if c.root.kind in rule.confirmed_by and _listing_confirmed_by(rule, c, living) is listing
    ]
    return min(results, key=lambda c: (c.current.received is None, time_of_news(c)), default=None)


def _listing_confirmed_by(rule: Rule, result: EventChain, living: Sequence[EventChain]) -> EventChain | None:
    """The latest news of the same hearing before its result: what the result confirms."""
    subject = result.current.subject
    if subject is None:
        return None
    listings = [
        c
        for c in living
        if c.root.kind in rule.starts_on
        and c.current.subject == subject
        and c.current.happened.on <= result.current.happened.on
        and _applies(rule, c)
    ]
    return max(listings, key=time_of_news, default=None)


def _clock_day(rule: Rule, chain: EventChain) -> date | None:
    """Day 0: news that was corrected keeps its original clock."""
    event = chain.clock_event
    if rule.clock is _HAPPENED:
        return event.happened.on
    if rule.clock is _RECEIVED:
        return event.received.on if event.received else None
    hearing_on = chain.current.details.get("hearing_on")
    return hearing_on if isinstance(hearing_on, date) else None


def proves_nothing(rule: Rule, chain: EventChain) -> bool:
    """Whether silence after this event says nothing: only its month is known, or its source records no contacts."""
    event = chain.clock_event
    moment = event.received if rule.clock is _RECEIVED and event.received else event.happened
    return not event.contacts_recorded or moment.precision is _MONTH


def _receipt(result: EventChain) -> tuple[date, str] | None:
    received = result.current.received
    return (received.on, result.key) if received else None


def time_of_news(chain: EventChain) -> tuple[date, datetime, str]:
    """When the agency that owes the duty had the news; the key settles ties, so that recording order does not."""
    news = chain.clock_event.received or chain.clock_event.happened
    return news.on, news.at or BEFORE_ANY_HOUR, chain.key

"""What is owed to the victim, by whom, by when, and why: the heart of victimcare.

`assess(journey, code, calendar)` is pure. Its answer does not depend on today: an `Entitlement` holds dates and
codes, and says how it stands on any day asked (`standing_on`). The exact meanings are in docs/architecture.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from victimcare.domain.calendar import (
    WorkingCalendar,
    add_calendar_days,
    add_calendar_months,
    london_date,
)
from victimcare.domain.choices import OptOut, opt_outs
from victimcare.domain.code import Clock, Edition, Meeting, Rule, Telling, TimeLimit, Unit, VictimsCode
from victimcare.domain.conditions import Answer
from victimcare.domain.contact_interval import contact_turns
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed, EventChain, Journey, Moment, Precision
from victimcare.domain.victim import TierPeriod, tier_history, tier_on


class Standing(StrEnum):
    """How an entitlement stands on a given day."""

    NOT_STARTED = "not started"
    EXPECTED = "expected"
    DUE = "due"
    DUE_TODAY = "due today"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met late"
    SUPERSEDED = "superseded"
    DECLINED = "declined"
    NOT_APPLICABLE = "not applicable"
    NOT_SAFE = "not safe to inform"
    GOOD_REASON = "good reason"
    RECORDED_IN_ERROR = "recorded in error"
    NO_EVIDENCE = "no evidence"
    NOT_YET_KNOWN = "not yet known"


class Ending(StrEnum):
    """How a duty ended. No ending takes away lateness."""

    MET = "met"
    SUPERSEDED = "superseded"
    DECLINED = "declined"
    NOT_APPLICABLE = "not_applicable"
    NOT_SAFE = "not_safe"
    GOOD_REASON = "good_reason"
    RECORDED_IN_ERROR = "recorded_in_error"


class Counting(StrEnum):
    """Whether a duty counts in figures; all the others are shown and not counted."""

    COUNTED = "counted"
    NOT_STARTED = "not_started"
    EXPECTED = "expected"
    NO_EVIDENCE = "no_evidence"
    NOT_YET_KNOWN = "not_yet_known"


_STANDING_OF_ENDING = {
    Ending.SUPERSEDED: Standing.SUPERSEDED,
    Ending.DECLINED: Standing.DECLINED,
    Ending.NOT_APPLICABLE: Standing.NOT_APPLICABLE,
    Ending.NOT_SAFE: Standing.NOT_SAFE,
    Ending.GOOD_REASON: Standing.GOOD_REASON,
    Ending.RECORDED_IN_ERROR: Standing.RECORDED_IN_ERROR,
}
_ENDING_BY_EVENT = {
    EventKind.DUTY_DECLINED: Ending.DECLINED,
    EventKind.DUTY_NOT_APPLICABLE: Ending.NOT_APPLICABLE,
    EventKind.DUTY_NOT_SAFE: Ending.NOT_SAFE,
}
_DECISIONS = (EventKind.GOOD_REASON_AGREED, EventKind.GOOD_REASON_REFUSED)


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One duty owed in one case: key (rule id, key of the first event of the starting event's chain).

    `started_on`, `due_on` and `ended_on` are London dates; the duty is kept until the end of `due_on`, which is None
    while no limit can be computed. `tier` is the period whose limit decided `due_on`. `outstanding` is what must
    still be told.
    """

    rule: Rule
    edition: Edition
    start: EventChain
    owed_by: str
    counting: Counting
    started_on: date | None
    due_on: date | None
    tier: TierPeriod
    provisional: bool
    ending: Ending | None = None
    ended_on: date | None = None
    ended_by: str | None = None
    outstanding: tuple[Telling, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """The rule's id and the key of the event that started the duty: stable under corrections."""
        return self.rule.id, self.start.key

    @property
    def known_on(self) -> date:
        """The London date on which the starting event was first recorded."""
        return london_date(self.start.root.recorded_at)

    @property
    def limit(self) -> TimeLimit | None:
        """The time limit that decided `due_on`; None where it was agreed with the victim."""
        return self.edition.limit(self.rule, self.tier.tier)

    def standing_on(self, day: date) -> Standing:
        """How it stands at the end of `day` (London date)."""
        if self.ending is Ending.RECORDED_IN_ERROR:
            return Standing.RECORDED_IN_ERROR
        if self.counting is Counting.NO_EVIDENCE:
            return Standing.NO_EVIDENCE
        if self.counting is Counting.NOT_YET_KNOWN:
            return Standing.NOT_YET_KNOWN
        if self.ending is not None and self.ended_on is not None and self.ended_on <= day:
            if self.ending is Ending.MET:
                return Standing.MET_LATE if self.late_on(day) else Standing.MET
            return _STANDING_OF_ENDING[self.ending]
        if self.due_on is None or self.started_on is None or self.started_on > day:
            return Standing.NOT_STARTED
        if self.counting is Counting.EXPECTED:
            return Standing.EXPECTED if self.started_on < day else Standing.NOT_STARTED
        if self.due_on >= day:
            return Standing.DUE_TODAY if self.due_on == day else Standing.DUE
        return Standing.OVERDUE

    def late_on(self, day: date) -> bool:
        """Whether, on `day`, its own day had passed before it ended. No later ending takes this away."""
        if self.counting is not Counting.COUNTED or self.due_on is None:
            return False
        if self.ending is Ending.RECORDED_IN_ERROR:
            return False
        until = self.ended_on if self.ended_on is not None and self.ended_on < day else day
        return self.due_on < until

    def working_days_late_on(self, day: date, calendar: WorkingCalendar) -> int:
        """Working days between its day and the day it ended (or `day`); 0 when not late."""
        if self.due_on is None or not self.late_on(day):
            return 0
        until = self.ended_on if self.ended_on is not None and self.ended_on < day else day
        return calendar.working_days_between(self.due_on, until)


def assess(journey: Journey, code: VictimsCode, calendar: WorkingCalendar) -> tuple[Entitlement, ...]:
    """Every duty that the journey's events started, in the order of those events, then of the edition's rules.

    A duty is governed by the edition in force on the day its clock started; before the first edition nothing is
    owed under the Code. The order in which events were recorded does not matter, except among corrections of one
    event, where the last recorded wins.
    """
    return tuple(_Assessment(journey, code, calendar).entitlements())


@dataclass(slots=True)
class _Mention:
    """A duty named by an event of `kind`, as of the day on which that happened."""

    kind: EventKind
    happened: Moment
    by: str
    named: DutyNamed

    @property
    def on(self) -> date:
        return self.happened.on


@dataclass(slots=True)
class _Start:
    """A clock that starts: on which day, and for a clock between agencies the event that confirms it."""

    rule: Rule
    edition: Edition
    chain: EventChain
    on: date | None
    confirmed: EventChain | None = None
    limit_days: int | None = None
    met_on: tuple[date, str] | None = None
    stopped: tuple[date, str, Ending] | None = None


class _Assessment:
    """One reading of one journey."""

    def __init__(self, journey: Journey, code: VictimsCode, calendar: WorkingCalendar) -> None:
        self._code = code
        self._calendar = calendar
        self._chains = journey.chains()
        self._living = [chain for chain in self._chains.values() if chain.happened]
        self._kinds = {chain.root.kind for chain in self._living}
        self._mentions = self._read_mentions()
        self._opt_outs: tuple[OptOut, ...] = opt_outs(self._living) if EventKind.OPTED_OUT in self._kinds else ()
        self._void = next((c.key for c in self._living if c.root.kind is EventKind.CASE_VOIDED), None)
        self._tiers: dict[str, tuple[TierPeriod, ...]] = {}

    def entitlements(self) -> Iterator[Entitlement]:
        for chain in self._chains.values():
            for edition in self._code.editions:
                for rule in edition.rules_started_by(chain.root.kind):
                    if rule.recurring:
                        continue
                    start = self._start(rule, edition, chain)
                    if start is not None:
                        yield self._entitlement(start)
        yield from self._recurring()

    def _read_mentions(self) -> dict[tuple[str, str], list[_Mention]]:
        mentions: dict[tuple[str, str], list[_Mention]] = {}
        version_of: dict[str, EventChain] = {}
        for chain in self._living:
            event = chain.current
            if not event.duties:
                continue
            if not version_of:
                version_of = {version: c for c in self._chains.values() for version in c.versions}
            kind, happened = event.kind, event.happened
            if kind is EventKind.ALSO_ANSWERED:
                contact = version_of.get(str(event.details.get("contact")))
                if contact is None or not contact.happened:
                    continue
                kind, happened = contact.root.kind, contact.current.happened
            for named in event.duties:
                started = version_of.get(named.start)
                if started is not None and named.start in started.versions_of_news:
                    mention = _Mention(kind, happened, chain.key, named)
                    mentions.setdefault((named.rule, started.key), []).append(mention)
        for named_for_duty in mentions.values():
            named_for_duty.sort(key=_by_time)
        return mentions

    def _start(self, rule: Rule, edition: Edition, chain: EventChain) -> _Start | None:
        if rule.meeting is Meeting.CONFIRMED:
            return self._confirmed_start(rule, edition, chain)
        if rule.condition.ask(chain.current.details) is Answer.NO:
            return None
        on = _clock_day(rule, chain)
        if not self._governs(edition, on, chain):
            return None
        return _Start(rule, edition, chain, on)

    def _confirmed_start(self, rule: Rule, edition: Edition, chain: EventChain) -> _Start | None:
        if chain.root.kind in rule.confirmed_by:
            listing = self._listing_confirmed_by(rule, chain)
            if listing is not None and self._result_of(rule, listing) is chain:
                return None
            on: date | None = chain.clock_event.happened.on
            start = _Start(rule, edition, chain, on, chain, met_on=_receipt(chain))
        else:
            if rule.condition.ask(chain.current.details) is Answer.NO:
                return None
            confirmed = self._result_of(rule, chain)
            on = confirmed.clock_event.happened.on if confirmed else _clock_day(rule, chain)
            start = _Start(rule, edition, chain, on, confirmed, met_on=_receipt(confirmed) if confirmed else None)
        return start if self._governs(edition, on, chain) else None

    def _result_of(self, rule: Rule, listing: EventChain) -> EventChain | None:
        """The result of the hearing that was received first; any further one is a clock of its own."""
        results = [
            c
            for c in self._living
            if c.root.kind in rule.confirmed_by and self._listing_confirmed_by(rule, c) is listing
        ]
        return min(results, key=lambda c: (c.current.received is None, _time_of_news(c)), default=None)

    def _listing_confirmed_by(self, rule: Rule, result: EventChain) -> EventChain | None:
        """The latest news of the same hearing before its result: what the result confirms."""
        subject = result.current.subject
        if subject is None:
            return None
        listings = [
            c
            for c in self._living
            if c.root.kind in rule.starts_on
            and c.current.subject == subject
            and c.current.happened.on <= result.current.happened.on
            and rule.condition.ask(c.current.details) is not Answer.NO
        ]
        return max(listings, key=_time_of_news, default=None)

    def _governs(self, edition: Edition, on: date | None, chain: EventChain) -> bool:
        return edition.covers(on if on is not None else chain.clock_event.happened.on)

    def _recurring(self) -> Iterator[Entitlement]:
        if EventKind.CONTACT_INTERVAL_AGREED not in self._kinds:
            return
        for turn in contact_turns(self._living):
            for edition in self._code.editions:
                if not edition.covers(turn.started_on):
                    continue
                for rule in edition.rules_started_by(EventKind.CONTACT_INTERVAL_AGREED):
                    if rule.recurring:
                        stopped = (*turn.stopped, Ending(turn.stopped_how)) if turn.stopped else None
                        start = _Start(rule, edition, turn.start, turn.started_on, None, turn.days, turn.met, stopped)
                        yield self._entitlement(start)

    def _entitlement(self, start: _Start) -> Entitlement:
        rule, edition, chain = start.rule, start.edition, start.chain
        mentions = self._mentions.get((rule.id, chain.key), ())
        counting = self._counting(start)
        tiers = self._tier_history(edition)
        due_on, tier = self._due(start, counting, tiers, until=None)
        outstanding: tuple[Telling, ...] = ()
        ending: tuple[date, Ending, str] | None
        if self._void is not None or not chain.happened:
            ending = (
                chain.clock_event.happened.on,
                Ending.RECORDED_IN_ERROR,
                self._void or chain.versions[-1],
            )
        else:
            ending = self._ending(start, due_on, mentions)
            outstanding = _outstanding(rule, chain, mentions) if rule.must_tell else ()
        if ending is not None and len(tiers) > 1:
            due_on, tier = self._due(start, counting, tiers, until=ending[0])
        return Entitlement(
            rule=rule,
            edition=edition,
            start=chain,
            owed_by=rule.owed_by.of(chain.current),
            counting=counting,
            started_on=start.on,
            due_on=due_on,
            tier=tier,
            provisional=due_on is not None and self._calendar.is_provisional(due_on),
            ending=ending[1] if ending else None,
            ended_on=ending[0] if ending else None,
            ended_by=ending[2] if ending else None,
            outstanding=outstanding,
        )

    def _counting(self, start: _Start) -> Counting:
        rule, chain = start.rule, start.chain
        if start.on is None:
            return Counting.NOT_STARTED
        if _proves_nothing(rule, chain) or (start.confirmed and _proves_nothing(rule, start.confirmed)):
            return Counting.NO_EVIDENCE
        if rule.meeting is Meeting.CONFIRMED:
            return Counting.COUNTED if start.confirmed else Counting.EXPECTED
        if rule.condition.ask(chain.current.details) is Answer.NOT_YET_KNOWN:
            return Counting.NOT_YET_KNOWN
        return Counting.COUNTED

    def _tier_history(self, edition: Edition) -> tuple[TierPeriod, ...]:
        default = edition.default_tier
        if default not in self._tiers:
            self._tiers[default] = tier_history(self._living, default_tier=default)
        return self._tiers[default]

    def _due(
        self, start: _Start, counting: Counting, tiers: tuple[TierPeriod, ...], *, until: date | None
    ) -> tuple[date | None, TierPeriod]:
        """The earliest day, over every tier held from the start until the duty ended, and the tier that set it."""
        on = start.on
        if on is None or counting is Counting.NO_EVIDENCE:
            return None, tier_on(tiers, on or start.chain.clock_event.happened.on)
        if start.limit_days is not None:
            return add_calendar_days(on, start.limit_days), tier_on(tiers, on)
        best: tuple[date, TierPeriod] | None = None
        for period in tiers:
            if period.until_on is not None and period.until_on <= on:
                continue
            counts_from = on if period.from_on is None or period.from_on < on else period.from_on
            if until is not None and counts_from > on and counts_from > until:
                continue
            limit = start.edition.limit(start.rule, period.tier)
            if limit is None:
                continue
            due_on = add_limit(counts_from, limit, self._calendar)
            if best is None or due_on < best[0]:
                best = due_on, period
        return best or (None, tier_on(tiers, on))

    def _ending(
        self, start: _Start, due_on: date | None, mentions: Sequence[_Mention]
    ) -> tuple[date, Ending, str] | None:
        """The first ending; of several on one day, being met comes first."""
        if not (mentions or start.met_on or start.stopped or start.rule.superseded_by or self._opt_outs):
            return None
        endings = self._endings(start, due_on, mentions)
        return min(endings, key=lambda ending: (ending[0], ending[1] is not Ending.MET), default=None)

    def _endings(
        self, start: _Start, due_on: date | None, mentions: Sequence[_Mention]
    ) -> Iterator[tuple[date, Ending, str]]:
        if start.met_on:
            yield start.met_on[0], Ending.MET, start.met_on[1]
        if start.stopped:
            on, by, how = start.stopped
            if due_on is None or on <= due_on:
                yield on, how, by
        if mentions:
            met = _met(start.rule, start.chain, mentions)
            if met:
                yield met[0], Ending.MET, met[1]
            for mention in mentions:
                if mention.kind in _ENDING_BY_EVENT:
                    yield mention.on, _ENDING_BY_EVENT[mention.kind], mention.by
            yield from _good_reason(due_on, mentions)
        if start.rule.superseded_by:
            yield from self._superseded(start, due_on)
        for opt_out in self._opt_outs:
            yield from _declined_by(opt_out, start, due_on)

    def _superseded(self, start: _Start, due_on: date | None) -> Iterator[tuple[date, Ending, str]]:
        """Later news on the same subject, if it came while the duty was open and in time."""
        chain = start.chain
        if chain.current.subject is None or start.confirmed is not None:
            return
        own = _time_of_news(chain)
        for later in self._living:
            if later.root.kind not in start.rule.superseded_by or later.current.subject != chain.current.subject:
                continue
            news = _time_of_news(later)
            if news > own and (due_on is None or start.rule.clock is Clock.HEARING or news[0] <= due_on):
                yield news[0], Ending.SUPERSEDED, later.key


def add_limit(start: date, limit: TimeLimit, calendar: WorkingCalendar) -> date:
    """The last day on which a duty with this limit is kept, `start` being day 0."""
    if limit.unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(start, limit.amount)
    if limit.unit is Unit.CALENDAR_DAYS:
        return add_calendar_days(start, limit.amount)
    return add_calendar_months(start, limit.amount)


def _by_time(mention: _Mention) -> tuple[date, bool, datetime, bool, str]:
    # On one day a good reason is asked for before it is decided; agreed and refused at no known hour, it stays owed.
    refused = mention.kind is EventKind.GOOD_REASON_REFUSED
    return mention.on, mention.kind in _DECISIONS, mention.happened.at or _BEFORE_ANY_HOUR, refused, mention.by


def _clock_day(rule: Rule, chain: EventChain) -> date | None:
    """Day 0: news that was corrected keeps its original clock."""
    event = chain.clock_event
    if rule.clock is Clock.HAPPENED:
        return event.happened.on
    if rule.clock is Clock.RECEIVED:
        return event.received.on if event.received else None
    hearing_on = chain.current.details.get("hearing_on")
    return hearing_on if isinstance(hearing_on, date) else None


def _proves_nothing(rule: Rule, chain: EventChain) -> bool:
    event = chain.clock_event
    moment = event.received if rule.clock is Clock.RECEIVED and event.received else event.happened
    return not event.contacts_recorded or moment.precision is Precision.MONTH


def _receipt(result: EventChain) -> tuple[date, str] | None:
    received = result.current.received
    return (received.on, result.key) if received else None


_BEFORE_ANY_HOUR = datetime.min.replace(tzinfo=UTC)


def _time_of_news(chain: EventChain) -> tuple[date, datetime, str]:
    """When the agency that owes the duty had the news; the key settles ties, so that recording order does not."""
    news = chain.clock_event.received or chain.clock_event.happened
    return news.on, news.at or _BEFORE_ANY_HOUR, chain.key


def _met(rule: Rule, chain: EventChain, mentions: Iterable[_Mention]) -> tuple[date, str] | None:
    """The first day on which all that must be told had been told, by events that name the duty."""
    answering = [mention for mention in mentions if mention.kind in rule.met_by]
    missing = {telling.id for telling in rule.due_tellings(chain.current.details)} if rule.must_tell else set()
    for mention in answering:
        missing -= mention.named.told
        if not missing:
            return mention.on, mention.by
    return None


def _outstanding(rule: Rule, chain: EventChain, mentions: Iterable[_Mention]) -> tuple[Telling, ...]:
    told = frozenset[str]().union(*(m.named.told for m in mentions if m.kind in rule.met_by))
    return tuple(telling for telling in rule.due_tellings(chain.current.details) if telling.id not in told)


def _good_reason(due_on: date | None, mentions: Iterable[_Mention]) -> Iterator[tuple[date, Ending, str]]:
    """Asked for by the due date and agreed, perhaps later (Victims and Prisoners Act 2024 s.5).

    Asked for again after a refusal counts as of that later day: a late request never mends a deadline.
    """
    asked_on: date | None = None
    decision: _Mention | None = None
    for mention in mentions:
        refused = decision is not None and decision.kind is EventKind.GOOD_REASON_REFUSED
        if mention.kind is EventKind.GOOD_REASON_REQUESTED and (asked_on is None or refused):
            asked_on, decision = mention.on, None
        elif mention.kind in _DECISIONS and asked_on is not None:
            decision = mention
    agreed = decision is not None and decision.kind is EventKind.GOOD_REASON_AGREED
    if decision and agreed and asked_on and (due_on is None or asked_on <= due_on):
        yield asked_on, Ending.GOOD_REASON, decision.by


def _declined_by(opt_out: OptOut, start: _Start, due_on: date | None) -> Iterator[tuple[date, Ending, str]]:
    """Open duties in scope end on the day of the opt-out, duties that start during it are born declined."""
    if start.on is None or not opt_out.covers(start.rule):
        return
    until_on = opt_out.until_on(start.rule)
    if opt_out.from_on <= start.on and (until_on is None or start.on < until_on):
        yield start.on, Ending.DECLINED, opt_out.key
    elif start.on < opt_out.from_on and (due_on is None or opt_out.from_on <= due_on):
        yield opt_out.from_on, Ending.DECLINED, opt_out.key

"""What is owed to the victim, by whom, by when, and why: the heart of victimcare.

`assess(journey, code, calendar)` is pure. Its answer does not depend on today: an `Entitlement` holds dates and
codes, and says how it stands on any day asked (`standing_on`). The exact meanings are in docs/architecture.md; which
event starts a clock is in `clocks`, how a duty ends in `endings`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from victimcare.domain.calendar import WorkingCalendar, add_calendar_days, london_date
from victimcare.domain.case import is_closed
from victimcare.domain.choices import OptOut, opt_outs
from victimcare.domain.clocks import Start, add_limit, proves_nothing, start_of
from victimcare.domain.code import Edition, Meeting, Rule, Telling, TimeLimit, VictimsCode
from victimcare.domain.conditions import Answer
from victimcare.domain.contact_interval import contact_turns
from victimcare.domain.endings import HowEnded, Mention, first_ending, read_mentions, undecided_request
from victimcare.domain.endings import outstanding as still_to_tell
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.hearings import with_kinds_of_hearings
from victimcare.domain.holiday_change import Duty, Followed, Reckoned, decisions_in, followed, lists_for
from victimcare.domain.journey import EventChain, Journey
from victimcare.domain.standing import STANDING_OF_ENDING, Counting, Ending, Standing
from victimcare.domain.taken_over import TakenOver, taken_over
from victimcare.domain.victim import TierPeriod, tier_history, tier_on

__all__ = ["Counting", "Ending", "Entitlement", "Standing", "assess"]

# As in `clocks`: looked up once.
_COUNTED, _NO_EVIDENCE, _NOT_KNOWN = Counting.COUNTED, Counting.NO_EVIDENCE, Answer.NOT_YET_KNOWN
_CONFIRMED, _VOIDED = Meeting.CONFIRMED, EventKind.CASE_VOIDED


@dataclass(slots=True)  # not frozen, which would cost more than the rest of making one; nothing changes it
class Entitlement:
    """One duty owed in one case: key (rule id, key of the first event of the starting event's chain).

    `started_on`, `due_on` and `ended_on` are London dates; the duty is kept until the end of `due_on`, which is None
    while no limit can be computed. `tier` is the period whose limit decided `due_on`. `outstanding` is what must
    still be told. `asked` is the event that asks for a good reason, while nobody has decided on it. `rests`: it is a
    turn of the agreed interval, which the closing of the case ended. `counted_by` is the list of bank holidays that
    decided `due_on`; where the list in force makes it another day and somebody must decide whether that changes the
    verdict, `otherwise_on` is that day. `taken_over` says what a later edition did with it; `ended_by` is None where
    that ended it.
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
    asked: str | None = None
    rests: bool = False
    counted_by: WorkingCalendar | None = None
    otherwise_on: date | None = None
    taken_over: TakenOver | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The rule's id and the key of the event that started the duty: stable under corrections."""
        return self.rule.id, self.start.key

    @property
    def begun_anew(self) -> bool:
        """Whether its event came before its edition, which lets the clock start on the day it commences."""
        edition, on = self.edition, self.start.clock_event.happened.on
        return self.started_on == edition.in_force_from and edition.begins_with(self.rule, on)

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
            return STANDING_OF_ENDING[self.ending]
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

    def waits_for_verdict_on(self, day: date) -> bool:
        """Whether on `day` it is late by the day that counts and not by the list in force, or the other way round."""
        if self.otherwise_on is None or self.due_on is None:
            return False
        until = self.ended_on if self.ended_on is not None and self.ended_on < day else day
        return (self.due_on < until) is not (self.otherwise_on < until)

    def working_days_late_on(self, day: date, calendar: WorkingCalendar) -> int:
        """Working days between its day and the day it ended (or `day`); 0 when not late."""
        if self.due_on is None or not self.late_on(day):
            return 0
        until = self.ended_on if self.ended_on is not None and self.ended_on < day else day
        return calendar.working_days_between(self.due_on, until)


def assess(journey: Journey, code: VictimsCode, calendar: WorkingCalendar) -> tuple[Entitlement, ...]:
    """Every duty that the journey's events started, in the order of those events, then of the edition's rules.

    A duty is governed by the edition in force on the day its clock started, unless a later one took it over
    (`transition`); before the first edition nothing is owed under the Code. What a victim who joined later has as
    history neither starts nor ends anything. The order in which events were recorded does not matter, except among
    corrections of one event, where the last recorded wins.
    """
    return tuple(_Assessment(journey, code, calendar).entitlements())


class _Assessment:
    """One reading of one journey."""

    def __init__(self, journey: Journey, code: VictimsCode, calendar: WorkingCalendar) -> None:
        self._code = code
        self._calendar = calendar
        self._chains = with_kinds_of_hearings(journey.chains())
        self._living = [c for c in self._chains.values() if c.happened and not c.is_history]
        self._kinds = {chain.root.kind for chain in self._living}
        self._mentions = read_mentions(self._chains, self._living)
        self._opt_outs: tuple[OptOut, ...] = opt_outs(self._living) if EventKind.OPTED_OUT in self._kinds else ()
        self._void = next(c.key for c in self._living if c.root.kind is _VOIDED) if _VOIDED in self._kinds else None
        self._tiers: dict[str, tuple[TierPeriod, ...]] = {}
        self._lists = calendar.lists() if calendar.earlier is not None else ()
        self._recorded = {event.key: event.recorded_at for event in journey.events} if self._lists else {}

    def entitlements(self) -> Iterator[Entitlement]:
        for chain in self._chains.values():
            if chain.is_history:
                continue
            for edition in self._code.editions:
                for rule in edition.rules_started_by(chain.root.kind):
                    if rule.recurring:
                        continue
                    start = start_of(rule, edition, chain, self._living)
                    if start is not None and not (start.begun_anew and self._was_closed(edition)):
                        yield self._taken_over(start)
        yield from self._recurring()

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
                        start = Start(rule, edition, turn.start, turn.started_on, None, turn.days, turn.met, stopped)
                        yield self._taken_over(start)

    def _was_closed(self, edition: Edition) -> bool:
        """Whether the case was closed when the edition commenced: then nothing begins in it."""
        before = (c.current for c in self._living if c.current.happened.on < edition.in_force_from)
        return self._void is not None or is_closed(before)

    def _taken_over(self, start: Start) -> Entitlement:
        """The duty, as later editions leave it."""
        owed = self._entitlement(start)
        for later in self._code.following(start.edition):
            owed = taken_over(owed, start, later, self._entitlement)
        return owed

    def _entitlement(self, start: Start) -> Entitlement:
        rule, edition, chain = start.rule, start.edition, start.chain
        mentions = self._mentions.get((rule.id, chain.key), ())
        counting = self._counting(start)
        calendar, otherwise_on = self._calendar, None
        if not self._lists:
            due_on, tier, ending = self._reckoned(start, counting, mentions, calendar)
        else:
            found = self._followed(start, counting, mentions)
            (due_on, tier, ending), calendar = found.reckoned, found.calendar
            otherwise_on = found.otherwise.due_on if found.otherwise else None
        outstanding: tuple[Telling, ...] = ()
        if rule.must_tell and not self._never_arose(start):
            outstanding = still_to_tell(rule, chain, mentions)
        return Entitlement(
            rule=rule,
            edition=edition,
            start=chain,
            owed_by=rule.owed_by.of(chain.current),
            counting=counting,
            started_on=start.on,
            due_on=due_on,
            tier=tier,
            provisional=due_on is not None and calendar.is_provisional(due_on),
            ending=ending[1] if ending else None,
            ended_on=ending[0] if ending else None,
            ended_by=ending[2] if ending else None,
            outstanding=outstanding,
            asked=undecided_request(mentions) if mentions and ending is None else None,
            rests=start.stopped is not None and start.rests_by(ending),
            counted_by=calendar,
            otherwise_on=otherwise_on,
        )

    def _never_arose(self, start: Start) -> bool:
        return self._void is not None or start.in_error

    def _followed(self, start: Start, counting: Counting, mentions: Sequence[Mention]) -> Followed:
        lists = lists_for(self._lists, start.chain.root.recorded_at)
        decisions = decisions_in(mentions, self._chains) if mentions else {}
        duty = Duty(start.on, counting is _COUNTED, self._recorded.get, decisions)
        return followed(duty, lists, lambda calendar: self._reckoned(start, counting, mentions, calendar))

    def _reckoned(
        self, start: Start, counting: Counting, mentions: Sequence[Mention], calendar: WorkingCalendar
    ) -> Reckoned:
        """Its day by this list of bank holidays, and how it ended by that day."""
        tiers = self._tier_history(start.edition)
        due_on, tier = self._due(start, counting, tiers, calendar, until=None)
        ending: HowEnded | None
        if self._never_arose(start):
            chain = start.chain
            ending = chain.clock_event.happened.on, Ending.RECORDED_IN_ERROR, self._void or chain.versions[-1]
        else:
            ending = first_ending(
                start, due_on, mentions, living=self._living, kinds=self._kinds, opt_outs=self._opt_outs
            )
        if ending is not None and len(tiers) > 1:
            due_on, tier = self._due(start, counting, tiers, calendar, until=ending[0])
        return Reckoned(due_on, tier, ending)

    def _counting(self, start: Start) -> Counting:
        rule, chain = start.rule, start.chain
        if start.on is None:
            return Counting.NOT_STARTED
        if proves_nothing(rule, chain) or (start.confirmed and proves_nothing(rule, start.confirmed)):
            return _NO_EVIDENCE
        if rule.meeting is _CONFIRMED:
            return _COUNTED if start.confirmed else Counting.EXPECTED
        if rule.condition.ask(chain.current.details) is _NOT_KNOWN:
            return Counting.NOT_YET_KNOWN
        return _COUNTED

    def _tier_history(self, edition: Edition) -> tuple[TierPeriod, ...]:
        default = edition.default_tier
        if default not in self._tiers:
            self._tiers[default] = tier_history(self._living, default_tier=default)
        return self._tiers[default]

    def _due(
        self,
        start: Start,
        counting: Counting,
        tiers: tuple[TierPeriod, ...],
        calendar: WorkingCalendar,
        *,
        until: date | None,
    ) -> tuple[date | None, TierPeriod]:
        """The earliest day, over every tier held from the start until the duty ended, and the tier that set it."""
        on = start.on
        if on is None or counting is _NO_EVIDENCE:
            return None, tier_on(tiers, on or start.chain.clock_event.happened.on)
        if start.limit_days is not None:
            return add_calendar_days(on, start.limit_days), tier_on(tiers, on)
        best: tuple[date, TierPeriod] | None = None
        for period in tiers:
            if period.until_on is not None and period.until_on <= on:
                continue
            first = start.counted_from or on
            counts_from = first if period.from_on is None or period.from_on < first else period.from_on
            if until is not None and counts_from > on and counts_from > until:
                continue
            limit = start.edition.limit(start.rule, period.tier)
            if limit is None:
                continue
            due_on = add_limit(counts_from, limit, calendar)
            if best is None or due_on < best[0]:
                best = due_on, period
        return best or (None, tier_on(tiers, on))

"""How a duty ends: met, superseded, declined, not applicable, not safe, or not kept for a good reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from victimcare.domain.choices import OptOut
from victimcare.domain.clocks import BEFORE_ANY_HOUR, Start, time_of_news
from victimcare.domain.code import Clock, Rule, Telling
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed, EventChain, Moment
from victimcare.domain.standing import Ending

HowEnded = tuple[date, Ending, str]
"""The London date, how, and the key of the event that ended it."""

_ENDING_BY_EVENT = {
    EventKind.DUTY_DECLINED: Ending.DECLINED,
    EventKind.DUTY_NOT_APPLICABLE: Ending.NOT_APPLICABLE,
    EventKind.DUTY_NOT_SAFE: Ending.NOT_SAFE,
}
_DECISIONS = (EventKind.GOOD_REASON_AGREED, EventKind.GOOD_REASON_REFUSED)


@dataclass(slots=True)
class Mention:
    """A duty named by an event of `kind`, as of the day on which that happened."""

    kind: EventKind
    happened: Moment
    by: str
    named: DutyNamed

    @property
    def on(self) -> date:
        """The London date."""
        return self.happened.on


def read_mentions(
    chains: Mapping[str, EventChain], living: Sequence[EventChain]
) -> dict[tuple[str, str], list[Mention]]:
    """Every duty that an event names, by its key (rule, key of its start), in order of time."""
    mentions: dict[tuple[str, str], list[Mention]] = {}
    version_of: dict[str, EventChain] = {}
    for chain in living:
        event = chain.current
        if not event.duties:
            continue
        if not version_of:
            version_of = {version: c for c in chains.values() for version in c.versions}
        kind, happened = event.kind, event.happened
        if kind is EventKind.ALSO_ANSWERED:
            contact = version_of.get(str(event.details.get("contact")))
            if contact is None or not contact.happened:
                continue
            kind, happened = contact.root.kind, contact.current.happened
        for named in event.duties:
            started = version_of.get(named.start)
            if started is not None and named.start in started.versions_of_news:
                mention = Mention(kind, happened, chain.key, named)
                mentions.setdefault((named.rule, started.key), []).append(mention)
    for named_for_duty in mentions.values():
        named_for_duty.sort(key=_by_time)
    return mentions


def first_ending(
    start: Start,
    due_on: date | None,
    mentions: Sequence[Mention],
    *,
    living: Sequence[EventChain],
    kinds: set[EventKind],
    opt_outs: Sequence[OptOut],
) -> HowEnded | None:
    """The first ending; of several on one day, being met comes first. `kinds`: those of the `living` events."""
    if not (mentions or start.met_on or start.stopped or opt_outs or _may_end_unnamed(start.rule, kinds)):
        return None
    endings = _endings(start, due_on, mentions, living, opt_outs)
    return min(endings, key=lambda ending: (ending[0], ending[1] is not Ending.MET), default=None)


def _may_end_unnamed(rule: Rule, kinds: set[EventKind]) -> bool:
    """Whether anything happened that ends duties of this rule without naming them: most often nothing did."""
    return not (kinds.isdisjoint(rule.superseded_by) and kinds.isdisjoint(rule.declined_by))


def _endings(
    start: Start,
    due_on: date | None,
    mentions: Sequence[Mention],
    living: Sequence[EventChain],
    opt_outs: Sequence[OptOut],
) -> Iterator[HowEnded]:
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
        yield from _superseded(start, due_on, living)
    if start.rule.declined_by:
        yield from _declined_in(start, living)
    for opt_out in opt_outs:
        yield from _declined_by(opt_out, start, due_on)


def _superseded(start: Start, due_on: date | None, living: Sequence[EventChain]) -> Iterator[HowEnded]:
    """Later news on the same subject, if it came while the duty was open and in time."""
    chain = start.chain
    if chain.current.subject is None or start.confirmed is not None:
        return
    own = time_of_news(chain)
    for later in living:
        if later.root.kind not in start.rule.superseded_by or later.current.subject != chain.current.subject:
            continue
        news = time_of_news(later)
        if news > own and (due_on is None or start.rule.clock is Clock.HEARING or news[0] <= due_on):
            yield news[0], Ending.SUPERSEDED, later.key


def _declined_in(start: Start, living: Sequence[EventChain]) -> Iterator[HowEnded]:
    """The victim said no to what the duty offers, on the day it started or later: it need not be named."""
    for chain in living:
        on = chain.current.happened.on
        if chain.root.kind in start.rule.declined_by and start.on is not None and on >= start.on:
            yield on, Ending.DECLINED, chain.key


def _by_time(mention: Mention) -> tuple[date, bool, datetime, bool, str]:
    # On one day a good reason is asked for before it is decided; agreed and refused at no known hour, it stays owed.
    refused = mention.kind is EventKind.GOOD_REASON_REFUSED
    return mention.on, mention.kind in _DECISIONS, mention.happened.at or BEFORE_ANY_HOUR, refused, mention.by


def _met(rule: Rule, chain: EventChain, mentions: Iterable[Mention]) -> tuple[date, str] | None:
    """The first day on which all that must be told had been told, by events that name the duty."""
    answering = [mention for mention in mentions if mention.kind in rule.met_by]
    missing = {telling.id for telling in rule.due_tellings(chain.current.details)} if rule.must_tell else set()
    for mention in answering:
        missing -= mention.named.told
        if not missing:
            return mention.on, mention.by
    return None


def outstanding(rule: Rule, chain: EventChain, mentions: Iterable[Mention]) -> tuple[Telling, ...]:
    """What must still be told before the duty is met."""
    told = frozenset[str]().union(*(m.named.told for m in mentions if m.kind in rule.met_by))
    return tuple(telling for telling in rule.due_tellings(chain.current.details) if telling.id not in told)


def _good_reason(due_on: date | None, mentions: Iterable[Mention]) -> Iterator[HowEnded]:
    """Asked for by the due date and agreed, perhaps later (Victims and Prisoners Act 2024 s.5).

    Asked for again after a refusal counts as of that later day: a late request never mends a deadline.
    """
    asked, decision = _asked_and_decided(mentions)
    agreed = decision is not None and decision.kind is EventKind.GOOD_REASON_AGREED
    if asked and decision and agreed and (due_on is None or asked.on <= due_on):
        yield asked.on, Ending.GOOD_REASON, decision.by


def undecided_request(mentions: Iterable[Mention]) -> str | None:
    """The key of the event that asks for a good reason on which nobody has decided yet."""
    asked, decision = _asked_and_decided(mentions)
    return asked.by if asked and decision is None else None


def _asked_and_decided(mentions: Iterable[Mention]) -> tuple[Mention | None, Mention | None]:
    """The request for a good reason that counts, and the decision on it; only a refusal makes room for another."""
    asked: Mention | None = None
    decision: Mention | None = None
    for mention in mentions:
        refused = decision is not None and decision.kind is EventKind.GOOD_REASON_REFUSED
        if mention.kind is EventKind.GOOD_REASON_REQUESTED and (asked is None or refused):
            asked, decision = mention, None
        elif mention.kind in _DECISIONS and asked is not None:
            decision = mention
    return asked, decision


def _declined_by(opt_out: OptOut, start: Start, due_on: date | None) -> Iterator[HowEnded]:
    """Open duties in scope end on the day of the opt-out, duties that start during it are born declined."""
    if start.on is None or not opt_out.covers(start.rule):
        return
    until_on = opt_out.until_on(start.rule)
    if opt_out.from_on <= start.on and (until_on is None or start.on < until_on):
        yield start.on, Ending.DECLINED, opt_out.key
    elif start.on < opt_out.from_on and (due_on is None or opt_out.from_on <= due_on):
        yield opt_out.from_on, Ending.DECLINED, opt_out.key

"""What becomes of a duty's day when another list of bank holidays comes into force.

An open duty that is in time follows the new list. What was late or had ended by then keeps the day by which it was
judged, and so does a duty that the new list would make late at a stroke: their verdicts wait for somebody to decide,
and a decision is an event that names the duty and the list (`VERDICT_DECIDED`). What was recorded only after the list
came into force was never judged by an older one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from victimcare.domain.calendar import WorkingCalendar, london_date
from victimcare.domain.endings import HowEnded, Mention
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain
from victimcare.domain.victim import TierPeriod

STANDS, FOLLOWS = "stands", "follows"
"""What is decided of a verdict: it is as it was, or it is judged by the new day."""


class Reckoned(NamedTuple):
    """A duty's day by one list, the tier that set it, and how the duty ended by that day."""

    due_on: date | None
    tier: TierPeriod
    ending: HowEnded | None

    @property
    def verdict(self) -> tuple[bool, object]:
        """Whether it ended late, and how it ended; of an open duty that it is open."""
        late = self.due_on is not None and self.ending is not None and self.due_on < self.ending[0]
        return late, self.ending and self.ending[1]


class Followed(NamedTuple):
    """The day that counts, the list that it was counted by, and the day by the list in force that waits for a word."""

    reckoned: Reckoned
    calendar: WorkingCalendar
    otherwise: Reckoned | None = None


class Duty(NamedTuple):
    """What decides whether a duty follows: when it began, whether it counts, when each event was recorded, its
    decisions by the number of the list."""

    started_on: date | None
    counted: bool
    recorded_at: Callable[[str], datetime | None]
    decisions: Mapping[int, str]


def lists_for(lists: tuple[WorkingCalendar, ...], known_at: datetime) -> tuple[WorkingCalendar, ...]:
    """Of all lists, the oldest first, those by which a duty that became known at this instant was ever judged."""
    first = len(lists) - 1
    while first and (since := lists[first].since) is not None and since > known_at:
        first -= 1
    return lists[first:]


def followed(duty: Duty, lists: Iterable[WorkingCalendar], reckon: Callable[[WorkingCalendar], Reckoned]) -> Followed:
    """The duty's day after all these lists came into force, one after the other."""
    first, *newer = lists
    now = Followed(reckon(first), first)
    for one in newer:
        now = _next(duty, now, one, reckon)
    return now


def _next(duty: Duty, now: Followed, newer: WorkingCalendar, reckon: Callable[[WorkingCalendar], Reckoned]) -> Followed:
    due_on, since = now.reckoned.due_on, newer.since
    if due_on is None or duty.started_on is None or since is None:
        return now
    touched = now.otherwise is not None or newer.changes(duty.started_on, due_on)
    if not touched and not now.calendar.is_provisional(due_on):
        return now  # it is the same day by both, for ever
    judged = _ended_before(duty, now.reckoned, newer)
    anew = reckon(newer) if touched else now.reckoned
    if anew.due_on == due_on:
        return Followed(now.reckoned, now.calendar if judged else newer)
    on = london_date(since)
    late = duty.counted and anew.due_on is not None and min(due_on, anew.due_on) < on
    if not (judged or late) or duty.decisions.get(newer.number) == FOLLOWS:
        return Followed(anew, newer)
    undecided = newer.number not in duty.decisions
    differs = duty.counted and (now.reckoned.ending is None or now.reckoned.verdict != anew.verdict)
    return now._replace(otherwise=anew if undecided and differs else None)


def _ended_before(duty: Duty, reckoned: Reckoned, newer: WorkingCalendar) -> bool:
    if reckoned.ending is None or newer.since is None:
        return False
    at = duty.recorded_at(reckoned.ending[2])
    return at is not None and at < newer.since


def decisions_in(mentions: Iterable[Mention], chains: Mapping[str, EventChain]) -> dict[int, str]:
    """What was decided of one duty's verdict, by the number of the list; the last decision wins."""
    found = {}
    for mention in mentions:
        if mention.kind is EventKind.VERDICT_DECIDED:
            details = chains[mention.by].current.details
            found[int(str(details["list"]))] = str(details["verdict"])
    return found

"""The victim's own deadlines: limits that run against the victim, shown to the officer and never counted.

Beside them what a scheme promises the victim once they have asked (`OwnDeadline.promised_by`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.clocks import add_limit
from victimcare.domain.code import Edition, OwnDeadline, VictimsCode
from victimcare.domain.conditions import Answer
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain, Journey, Precision


@dataclass(frozen=True, slots=True)
class VictimsDeadline:
    """One limit that the victim has to keep, if they want what it is for; the last day is `until_on`.

    `met_on` is the London date on which the victim used it, or on which what was promised was done.
    """

    deadline: OwnDeadline
    started_on: date
    until_on: date
    subject: str | None = None
    met_on: date | None = None

    def passed_on(self, day: date) -> bool:
        """Whether, on `day`, its last day was over and nothing had been done."""
        return self.until_on < day and (self.met_on is None or self.met_on > day)


def own_deadlines(journey: Journey, code: VictimsCode, calendar: WorkingCalendar) -> tuple[VictimsDeadline, ...]:
    """Every deadline of the victim's own that the journey's events started, the earliest first.

    An event known to the month only starts none: a day that is too late would do harm.
    """
    living = [chain for chain in journey.chains().values() if chain.happened]
    found = []
    for chain in living:
        event = chain.current
        edition = code.in_force(event.happened.on)
        if edition is None or event.happened.precision is Precision.MONTH:
            continue
        for deadline in edition.own_deadlines:
            if event.kind in deadline.starts_on and deadline.condition.ask(event.details) is not Answer.NO:
                day = _start_day(deadline, chain)
                if day is not None:
                    until_on = add_limit(day, deadline.limit, calendar)
                    met_on = _met_on(deadline, chain, living)
                    found.append(VictimsDeadline(deadline, day, until_on, event.subject, met_on))
    return tuple(sorted(found, key=lambda own: (own.until_on, own.deadline.id)))


def counts_for_victim(edition: Edition, kind: EventKind) -> bool:
    """Whether a deadline of the victim's own counts from the day of an event of this kind."""
    return any(kind in own.starts_on and own.day_field is None for own in edition.own_deadlines)


def _start_day(deadline: OwnDeadline, chain: EventChain) -> date | None:
    if deadline.day_field is None:
        return chain.current.happened.on
    value = chain.current.details.get(deadline.day_field)
    return value if isinstance(value, date) else None


def _met_on(deadline: OwnDeadline, start: EventChain, living: Sequence[EventChain]) -> date | None:
    """The first day on which it was used or kept; what came before it started, or is of another subject, is not it."""
    since, subject = start.current.happened.on, start.current.subject
    days = (
        chain.current.happened.on
        for chain in living
        if chain.root.kind in deadline.met_by
        and deadline.met_if.ask(chain.current.details) is Answer.YES
        and (subject is None or chain.current.subject == subject)
    )
    return min((day for day in days if day >= since), default=None)

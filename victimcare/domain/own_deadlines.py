"""The victim's own deadlines: limits that run against the victim, shown to the officer and never counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.clocks import add_limit
from victimcare.domain.code import OwnDeadline, VictimsCode
from victimcare.domain.conditions import Answer
from victimcare.domain.journey import EventChain, Journey, Precision


@dataclass(frozen=True, slots=True)
class VictimsDeadline:
    """One limit that the victim has to keep, if they want what it is for; the last day is `until_on`."""

    deadline: OwnDeadline
    started_on: date
    until_on: date


def own_deadlines(journey: Journey, code: VictimsCode, calendar: WorkingCalendar) -> tuple[VictimsDeadline, ...]:
    """Every deadline of the victim's own that the journey's events started, the earliest first.

    An event known to the month only starts none: a day that is too late would do harm.
    """
    found = []
    for chain in journey.chains().values():
        event = chain.current
        edition = code.in_force(event.happened.on)
        if not chain.happened or edition is None or event.happened.precision is Precision.MONTH:
            continue
        for deadline in edition.own_deadlines:
            if event.kind in deadline.starts_on and deadline.condition.ask(event.details) is not Answer.NO:
                day = _start_day(deadline, chain)
                if day is not None:
                    found.append(VictimsDeadline(deadline, day, add_limit(day, deadline.limit, calendar)))
    return tuple(sorted(found, key=lambda own: (own.until_on, own.deadline.id)))


def _start_day(deadline: OwnDeadline, chain: EventChain) -> date | None:
    if deadline.day_field is None:
        return chain.current.happened.on
    value = chain.current.details.get(deadline.day_field)
    return value if isinstance(value, date) else None

"""The deadlines of one case that a list of bank holidays moves, as its journey says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.code import Unit, VictimsCode
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed, Journey, JourneyEvent, Moment


@dataclass(frozen=True, slots=True)
class HolidayMoved:
    """An open duty whose day moves (London dates), and the first day on which the lists differ in its time."""

    owed: Entitlement
    due_before: date
    due_after: date
    day: date
    proclaimed: bool

    @property
    def key(self) -> tuple[str, str]:
        """The duty's."""
        return self.owed.key


def moved_by_list(journey: Journey, code: VictimsCode, calendar: WorkingCalendar) -> tuple[HolidayMoved, ...]:
    """The duties that this list moved when it took the place of the one before, of all that were known by then."""
    earlier, since = calendar.earlier, calendar.since
    if earlier is None or since is None:
        return ()
    before = {owed.key: owed.due_on for owed in assess(journey, code, earlier)}
    found = []
    for owed in assess(journey, code, calendar):
        was, now = before.get(owed.key), owed.due_on
        if owed.started_on is None or was is None or now is None or was == now:
            continue
        if owed.start.root.recorded_at < since and owed.counted_by is calendar:
            day = calendar.changed_between(owed.started_on, max(was, now))[0]
            found.append(HolidayMoved(owed, was, now, day, day in calendar.holidays))
    return tuple(found)


def as_events(
    moved: tuple[HolidayMoved, ...],
    journey: Journey,
    calendar: WorkingCalendar,
    *,
    at: datetime,
    key: Callable[[], str],
) -> list[JourneyEvent]:
    """What the journey says of it at `at` (UTC), an event for each duty of which it does not say so yet."""
    told = duties_told_of(journey, EventKind.DEADLINE_MOVED, "list", calendar.number)
    return [
        JourneyEvent(
            key=key(),
            kind=EventKind.DEADLINE_MOVED,
            happened=Moment.instant(at),
            recorded_at=at,
            details={
                "change": "proclaimed" if one.proclaimed else "withdrawn",
                "day": one.day,
                "due_before": one.due_before,
                "due_after": one.due_after,
                "list": calendar.number,
            },
            duties=(DutyNamed(one.owed.rule.id, one.owed.start.current.key),),
        )
        for one in moved
        if (one.owed.rule.id, one.owed.start.current.key) not in told
    ]


def duties_told_of(journey: Journey, kind: EventKind, detail: str, number: int) -> set[tuple[str, str]]:
    """The duties (rule, key of their start) that events of this kind name, in which `detail` is this number."""
    events = (event for event in journey.events if event.kind is kind and event.details[detail] == number)
    return {(named.rule, named.start) for event in events for named in event.duties}


def longest_in_working_days(code: VictimsCode) -> int:
    """The most working days that any rule of any edition gives."""
    limits = (limit for edition in code.editions for rule in edition.rules for limit in rule.limits.values())
    return max((limit.amount for limit in limits if limit.unit is Unit.WORKING_DAYS), default=0)

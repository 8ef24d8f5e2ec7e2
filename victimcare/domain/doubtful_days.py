"""Days that can hardly be meant: before the crime was reported, or so long ago that a duty would be late at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from victimcare.domain.calendar import add_calendar_months
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import ALWAYS_HISTORY, Correction, Journey, JourneyEvent
from victimcare.domain.law import Law

LATE_MONTHS = 1
"""Later than this, in calendar months, the day is rather mistyped than a duty forgotten."""


@dataclass(frozen=True, slots=True)
class DoubtfulDay:
    """What is odd about the day (London date) on which something is said to have happened.

    `reported_on` is given where the crime was reported only later. `late` are the duties that it would start and that
    would be late at once by more than `LATE_MONTHS`: their breaches stay, even where the day is put right afterwards.
    """

    happened_on: date
    reported_on: date | None
    late: tuple[Entitlement, ...] = ()


def reported_on(journey: Journey) -> date | None:
    """The London date on which the crime was first reported, as it is now known."""
    reports = (c for c in journey.chains().values() if c.root.kind is EventKind.CRIME_REPORTED and c.happened)
    return min((chain.current.happened.on for chain in reports), default=None)


def is_before_report(kind: EventKind, on: date, journey: Journey) -> bool:
    """Whether nobody had reported the crime yet on this London date; never of the report itself."""
    reported = reported_on(journey)
    return kind not in ALWAYS_HISTORY and reported is not None and on < reported


def doubtful_day(journey: Journey, event: JourneyEvent, law: Law, *, on: date) -> DoubtfulDay | None:
    """What is doubtful about the day of `event`, not yet in the journey, if it is recorded on `on`; None if nothing is.

    A correction is asked about for what it makes worse: not for a day that stands already.
    """
    if event.correction is Correction.NEVER_HAPPENED:
        return None
    day = event.happened.on
    corrected = next((c for c in journey.chains().values() if event.corrects in c.versions), None)
    stands = corrected is not None and corrected.happened and corrected.current.happened.on == day
    is_early = not stands and is_before_report(event.kind, day, journey)
    late = _late_at_once(journey, event, law, on)
    return DoubtfulDay(day, reported_on(journey) if is_early else None, late) if is_early or late else None


def _late_at_once(journey: Journey, event: JourneyEvent, law: Law, on: date) -> tuple[Entitlement, ...]:
    """The duties of this event that would be late for more than `LATE_MONTHS`, and by the journey so far are not."""
    after = Journey(journey.case_ref, (*journey.events, event))
    long_since = [
        owed
        for owed in assess(after, law.code, law.calendar)
        if event.key in owed.start.versions and _long_late(owed, on)
    ]
    if not long_since or event.corrects is None:
        return tuple(long_since)
    before = {owed.key for owed in assess(journey, law.code, law.calendar) if _long_late(owed, on)}
    return tuple(owed for owed in long_since if owed.key not in before)


def _long_late(owed: Entitlement, on: date) -> bool:
    return owed.due_on is not None and add_calendar_months(owed.due_on, LATE_MONTHS) < on and owed.late_on(on)

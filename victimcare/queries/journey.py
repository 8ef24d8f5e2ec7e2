"""The journey page: everything that happened, newest first, with the duties met or missed at their day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from victimcare.domain.entitlements import Standing
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind, Stage
from victimcare.queries.case_duties import DutyView
from victimcare.queries.case_page import CasePage
from victimcare.queries.timeline import TimelineEntry

PAGE_SIZE = 100
COMPACT_PAGE_SIZE = 500
_NEVER_A_DUTY = (
    Standing.NOT_STARTED,
    Standing.EXPECTED,
    Standing.NO_EVIDENCE,
    Standing.NOT_YET_KNOWN,
    Standing.RECORDED_IN_ERROR,
)
_CONTACTS = (EventKind.CONTACT_MADE, EventKind.CONTACT_ATTEMPTED, EventKind.ALSO_ANSWERED)


class Shown(StrEnum):
    """Which part of the journey is shown."""

    EVERYTHING = ""
    CONTACTS = "contacts"
    DUTIES = "duties"
    CORRECTIONS = "corrections"


@dataclass(frozen=True, slots=True)
class Moment:
    """Something on the timeline of the journey page: an event, or a duty at its day (a London date)."""

    on: date
    event: TimelineEntry | None = None
    duty: DutyView | None = None


@dataclass(frozen=True, slots=True)
class JourneyFilter:
    """What to show of the journey; `stage` is that of the event, or of the event that started a duty."""

    shown: Shown = Shown.EVERYTHING
    stage: Stage | None = None
    compact: bool = False

    @property
    def page_size(self) -> int:
        """How many moments a page holds."""
        return COMPACT_PAGE_SIZE if self.compact else PAGE_SIZE


def moments(case: CasePage, wanted: JourneyFilter) -> tuple[Moment, ...]:
    """Everything wanted of the journey, newest first; a duty comes above what happened on its day."""
    found = [Moment(entry.on, event=entry) for entry in case.timeline if _is_wanted(entry, wanted)]
    if wanted.shown in (Shown.EVERYTHING, Shown.DUTIES):
        found += _duties_at_their_day(case, wanted.stage)
    # The timeline is in order already, and sorting keeps that order within a day.
    return tuple(sorted(found, key=lambda moment: (moment.on, moment.duty is not None), reverse=True))


def _duties_at_their_day(case: CasePage, stage: Stage | None) -> Iterator[Moment]:
    """Each duty on the day by the end of which it was due, or on which it ended before that day came.

    What cannot be counted, or never arose, is no duty met or missed.
    """
    for duty in (*case.open_duties, *case.waiting, *case.ended_duties):
        if duty.due_on is None or duty.standing in _NEVER_A_DUTY or stage not in (None, duty.stage):
            continue
        day = duty.due_on if duty.due_on <= case.today else duty.ended_on
        if day is not None:
            yield Moment(day, duty=duty)


def _is_wanted(entry: TimelineEntry, wanted: JourneyFilter) -> bool:
    if wanted.stage not in (None, EVENT_KINDS[entry.kind].stage):
        return False
    if wanted.shown is Shown.CONTACTS:
        return entry.kind in _CONTACTS
    if wanted.shown is Shown.CORRECTIONS:
        return entry.corrected or entry.correction is not None
    return wanted.shown is not Shown.DUTIES

"""Emergency access ("break-glass"): one case, for a while, with a reason, seen by others at once and reviewed after."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from victimcare.domain.calendar import WorkingCalendar, london_date

LASTS = timedelta(minutes=60)
"""Or until the person signs out."""
SHORTEST_REASON = 15
"""Characters."""
REVIEWED_WITHIN = 3
"""Working days after it was opened; then those who review, and the supervisors, are told again."""
REMEMBERED = timedelta(hours=24)
"""For so long somebody who goes back to the case is told that their access has ended, and others are told of it."""


EMERGENCIES = ("danger_to_victim", "suspect_released", "victim_is_here", "urgent_for_court", "other")
"""Codes of the reasons; the force puts them into words (`editions/force_policy.toml`)."""


class Alert(StrEnum):
    """What others are told of at once, as a step of the outbox. A reference only, never a word about a victim.

    That somebody tried to see a protected location is one of these in an emergency and at any other time.
    """

    OPENED = "emergency_opened"
    REFUSED = "emergency_refused"
    UNREVIEWED = "emergency_unreviewed"
    NOT_JUSTIFIED = "emergency_not_justified"
    """Whoever reviewed it found no reason for it."""
    CUSTODY_TAKEN = "custody_taken"
    """Somebody who is not the custodian of a protected location named another, or ended the protection."""
    TRIED_PROTECTED = "protected_location_tried"


class Refusal(StrEnum):
    """Why emergency access was refused: part of what the audit says."""

    NO_REASON = "no reason"
    SHORT_REASON = "reason too short"
    NOT_PROVED = "not proved again"
    SECOND_CASE = "a second case"
    NO_SUCH_CASE = "no such case"
    ENDED = "it has ended"
    NOT_THEIRS = "that of somebody else"
    PROTECTED_LOCATION = "protected location"
    MORE_THAN_LOOKING = "more than looking"


def review_overdue(opened_at: datetime, today: date, calendar: WorkingCalendar) -> bool:
    """Whether it should have been reviewed before `today` (London date)."""
    return calendar.add_working_days(london_date(opened_at), REVIEWED_WITHIN) < today

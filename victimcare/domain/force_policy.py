"""What a force decided for itself where the Code gives no number. Always shown as the force's policy, never as law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.hearing_times import Hours
from victimcare.domain.own_times import OwnTimes

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ForcePolicy:
    """`needs_within` is in working days after the crime was recorded, `contact_every` in calendar days.

    `confirmed_for`: for how many calendar days a contact point stays confirmed, the day itself not counted.
    A message is answered `reply_within` working days after it was taken, of a victim who is afraid
    `reply_when_afraid` (0: on the same day).
    `attempts`: after how many in a row that did not reach the victim another way must be found.
    `contact_hours`: which hours the times are at which victims may choose to hear, or say that it is safe.
    Of a new case officer the victim is told `tell_of_officer_within` working days after the case was handed over.
    A record of the force's systems that waits is forgotten `keep_waiting` calendar days after it came last, and
    `joined_at_once` are joined to one that comes.
    `own_times`: what the force would ask of itself, shorter than the Code (`domain/own_times.py`).
    `emergencies`: for which reasons somebody may open a case that is not theirs, in words by their code.
    """

    needs_within: int
    contact_every: int
    confirmed_for: int
    reply_within: int
    reply_when_afraid: int
    attempts: int
    tell_of_officer_within: int
    keep_waiting: int
    joined_at_once: int
    contact_hours: Hours = field(default_factory=dict)
    emergencies: Mapping[str, str] = field(default_factory=dict)
    own_times: OwnTimes = field(default_factory=dict)

    def needs_by(self, recorded_on: date, calendar: WorkingCalendar) -> date:
        """The last London date on which the needs should first be assessed."""
        return calendar.add_working_days(recorded_on, self.needs_within)

    def reply_by(self, taken_on: date, calendar: WorkingCalendar, *, afraid: bool) -> date:
        """The London date on which a victim who left a message is promised an answer."""
        within = self.reply_when_afraid if afraid else self.reply_within
        return calendar.add_working_days(taken_on, within) if within else taken_on

    def needs_missing_before(self, today: date, calendar: WorkingCalendar) -> date:
        """A crime recorded before this London date should have had its victims' needs assessed before `today`."""
        before = today
        while self.needs_by(before - _DAY, calendar) >= today:
            before -= _DAY
        return before

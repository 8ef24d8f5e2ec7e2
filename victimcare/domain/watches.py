"""Watches: clocks of the force's own, over what no rule of the Code gives a day. Force policy, never law.

A watch has a day until which something is to be done, as a duty has, and who hears of it is on the same ladder.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache

from victimcare.domain.calendar import FIRST_DAY, LAST_DAY, WorkingCalendar
from victimcare.domain.clocks import add_limit
from victimcare.domain.code import Length
from victimcare.domain.stage_line import STAGES, stage_code
from victimcare.domain.victim import eighteenth_birthday


class Watch(StrEnum):
    """What is watched."""

    HAND_OVER = "hand_over"
    OFFICER_UNKNOWN = "officer_unknown"
    SILENCE = "silence"
    CONFIRMATION = "confirmation"
    TURNED_18 = "turned_18"
    BREACH_CAUSE = "breach_cause"
    STOOD_REPORT = "stood_report"
    STOOD_INVESTIGATION = "stood_investigation"
    STOOD_DECISION = "stood_decision"
    STOOD_COURT = "stood_court"
    STOOD_OUTCOME = "stood_outcome"
    STOOD_AFTER_THE_OUTCOME = "stood_after_the_outcome"

    @property
    def in_words(self) -> str:
        """What is to be done, as a duty's title says it."""
        return _TITLES[self]


_TITLES = {
    Watch.HAND_OVER: "Acknowledge a case that was handed over",
    Watch.OFFICER_UNKNOWN: "Tell the victim who their case officer is now",
    Watch.SILENCE: "Reach the victim: no contact has reached them for long",
    Watch.CONFIRMATION: "Ask the victim again whether their contact details are safe",
    Watch.BREACH_CAUSE: "Say why a duty was late",
    Watch.TURNED_18: "Assess the needs of a victim who has turned 18",
}
STOOD_AT: Mapping[Watch, str] = {Watch(f"stood_{stage_code(name)}"): stage_code(name) for name in STAGES}
"""The watches over cases in which nothing happens any more, by the code of the stage at which they stand."""
_TITLES |= {
    watch: f"Standstill at the stage “{name}”: see to it, or close the case"
    for watch, name in zip(STOOD_AT, STAGES, strict=True)
}

Lengths = Mapping[Watch, Length]
"""How long each watch waits; one that is missing is not kept."""


def due_on(watch: Watch, since_on: date, length: Length, calendar: WorkingCalendar) -> date:
    """The London date until which it is to be done, of what began on `since_on`: for `TURNED_18` the day of birth."""
    start = eighteenth_birthday(since_on) if watch is Watch.TURNED_18 else since_on
    return add_limit(start, length, calendar)


@lru_cache(maxsize=256)  # the same of every case and for everybody, until the day or the calendar changes
def begun_between(
    watch: Watch, first: date, last: date, length: Length, calendar: WorkingCalendar
) -> tuple[date, date]:
    """The first and last London date on which what is due from `first` to `last` began; none if the first is later."""

    def due(ordinal: int) -> date:
        return due_on(watch, date.fromordinal(ordinal), length, calendar)

    # Nothing is due before it began, and every length is shorter than what lies before the calendar's last day.
    days = range(_EARLIEST[watch is Watch.TURNED_18].toordinal(), min(last, LAST_DAY).toordinal() + 1)
    begin = bisect_left(days, first, key=due)
    end = bisect_right(days, last, key=due)
    return date.fromordinal(days.start + begin), date.fromordinal(days.start + end - 1)


_EARLIEST = (FIRST_DAY, FIRST_DAY.replace(year=FIRST_DAY.year - 18))

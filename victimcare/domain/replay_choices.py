"""How a quarter whose figures were published may be reckoned anew: a fixed menu, and nothing between its entries.

Whoever could choose any day, or write an edition, could ask so narrowly that the answer is one victim's. So the days
are the ends of months, the editions those that whoever answers for the Code has given, and the force's own times those
of its policy. No two are combined: what was reckoned by another law is told as the quarter was known when its figures
were published, so that the law alone differs. And each time one table of the board's, or those of one page, is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from victimcare.domain.counted import CONTINUITY, GAPS, NO_DUTIES, QUALITY, SILENCE, STAGES_REACHED, STEPS, VICTIMS
from victimcare.domain.quarter import Quarter
from victimcare.domain.tally import Breakdown, By

DUTIES = "duties"
"""The duties of all agencies, each of which has tables of its own."""


class Told(StrEnum):
    """What is told of a quarter that is reckoned anew: one of these each time that somebody asks."""

    RIGHT = "right"
    AREA = "area"
    CRIME_TYPE = "crime-type"
    TIER = "tier"
    TEAM = "team"
    MONTH = "month"
    DAYS = "days"
    BEHIND = "behind"
    SUPPORT_AREA = "support-area"
    SUPPORT_CRIME_TYPE = "support-crime-type"
    SUPPORT_TEAM = "support-team"
    SUPPORT_MONTH = "support-month"
    GAPS = "gaps"
    STEPS = "steps"
    STAGES = "stages"
    CONTINUITY = "continuity"
    SILENCE = "silence"
    QUALITY = "quality"

    @property
    def of(self) -> str:
        """What must be counted for it: `DUTIES`, or one of `NO_DUTIES`."""
        return _TABLES[self][0]

    @property
    def by(self) -> tuple[By, ...]:
        """By what the lines of its tables are told apart: the first has the sums of the others."""
        return _TABLES[self][1]

    @property
    def follows_the_law(self) -> bool:
        """Whether another edition of the Code would change it. What became of a breach is of the law that there was."""
        return self.of == DUTIES and self is not Told.BEHIND

    def has(self, breakdown: Breakdown) -> bool:
        """Whether the table is one of its own."""
        is_of = breakdown.of not in NO_DUTIES if self.of == DUTIES else breakdown.of == self.of
        return is_of and breakdown.by in self.by


_TABLES: Mapping[Told, tuple[str, tuple[By, ...]]] = {
    Told.RIGHT: (DUTIES, (By.RIGHT, By.RULE)),
    Told.AREA: (DUTIES, (By.AREA,)),
    Told.CRIME_TYPE: (DUTIES, (By.CRIME_TYPE,)),
    Told.TIER: (DUTIES, (By.TIER,)),
    Told.TEAM: (DUTIES, (By.TEAM,)),
    Told.MONTH: (DUTIES, (By.MONTH,)),
    Told.DAYS: (DUTIES, (By.RIGHT, By.RULE)),
    Told.BEHIND: (DUTIES, (By.CAUSE, By.TRIED, By.RECORDED, By.OVERTURNED)),
    Told.SUPPORT_AREA: (VICTIMS, (By.AREA,)),
    Told.SUPPORT_CRIME_TYPE: (VICTIMS, (By.CRIME_TYPE,)),
    Told.SUPPORT_TEAM: (VICTIMS, (By.TEAM,)),
    Told.SUPPORT_MONTH: (VICTIMS, (By.MONTH,)),
    Told.GAPS: (GAPS, (By.AREA, By.NEED)),
    Told.STEPS: (STEPS, (By.KIND,)),
    Told.STAGES: (STAGES_REACHED, (By.KIND,)),
    Told.CONTINUITY: (CONTINUITY, (By.OFFICERS,)),
    Told.SILENCE: (SILENCE, (By.SILENCE,)),
    Told.QUALITY: (QUALITY, (By.ANSWER,)),
}


@dataclass(frozen=True, slots=True)
class ReplayChoice:
    """As known at the end of `known_on` (London date): by the law in force, or by the edition of this number.

    Or by the law in force with the force's `own_times`, as `domain/own_times.py` writes them in one line.
    """

    known_on: date
    edition: int | None = None
    own_times: str = ""
    told: Told = Told.RIGHT

    @property
    def code(self) -> str:
        """How a form names the way: "known-2026-04-30", "edition-3" or "own-times"."""
        if self.own_times:
            return "own-times"
        return f"known-{self.known_on}" if self.edition is None else f"edition-{self.edition}"

    @property
    def by_another_law(self) -> bool:
        """Whether it asks what another law would have asked."""
        return self.edition is not None or bool(self.own_times)

    @property
    def is_offered(self) -> bool:
        """Whether what it tells can be reckoned so."""
        return self.told.follows_the_law or not self.by_another_law


def choices_of(
    quarter: Quarter, *, published_on: date, editions: tuple[int, ...], own_times: str = ""
) -> tuple[ReplayChoice, ...]:
    """The ends of months from the quarter's first until its figures were published (London date), then other laws.

    Those are the editions, and the times that the force would ask of itself where it has any ("" for none). Figures are
    published early in a day, from what was recorded until the evening before.
    """
    before = published_on - timedelta(days=1)
    days, first = [], quarter.from_on
    while (first := _next_month(first)) - timedelta(days=1) < before:
        days.append(ReplayChoice(first - timedelta(days=1)))
    own = (ReplayChoice(before, own_times=own_times),) if own_times else ()
    return (*days, *(ReplayChoice(before, number) for number in editions), *own)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)

"""How a quarter whose figures were published may be reckoned anew: a fixed menu, and nothing between its entries.

Whoever could choose any day, or write an edition, could ask so narrowly that the answer is one victim's. So the days
are the ends of months, the editions those that whoever answers for the Code has given, and the force's own times those
of its policy. No two are combined: what was reckoned by another law is told as the quarter was known when its figures
were published, so that the law alone differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from victimcare.domain.quarter import Quarter
from victimcare.domain.tally import By

SPLITS = (By.RIGHT, By.AREA, By.CRIME_TYPE, By.TIER, By.TEAM, By.MONTH)
"""By what the duties of a replay may be told apart: one of them each time it is asked for."""


def tables_of(split: By) -> tuple[By, ...]:
    """The tables that are shown for it: the fewer there are, the more of them can be shown beside others."""
    return (By.RIGHT, By.RULE) if split is By.RIGHT else (split,)


@dataclass(frozen=True, slots=True)
class ReplayChoice:
    """As known at the end of `known_on` (London date): by the law in force, or by the edition of this number.

    Or by the law in force with the force's `own_times`, as `domain/own_times.py` writes them in one line. `split` says
    by what its lines are told apart.
    """

    known_on: date
    edition: int | None = None
    own_times: str = ""
    split: By = By.RIGHT

    @property
    def code(self) -> str:
        """How a form names the way: "known-2026-04-30", "edition-3" or "own-times"."""
        if self.own_times:
            return "own-times"
        return f"known-{self.known_on}" if self.edition is None else f"edition-{self.edition}"


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

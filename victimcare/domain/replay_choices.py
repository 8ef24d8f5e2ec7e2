"""How a quarter whose figures were published may be reckoned anew: a fixed menu, and nothing between its entries.

Whoever could choose any day, or write an edition, could ask so narrowly that the answer is one victim's. So the days
are the ends of months, the editions those that whoever answers for the Code has given, and no two are combined: of
another edition it is told as the quarter was known when its figures were published, so that the edition alone differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from victimcare.domain.quarter import Quarter


@dataclass(frozen=True, slots=True)
class ReplayChoice:
    """As known at the end of `known_on` (London date): by the law in force, or by the edition of this number."""

    known_on: date
    edition: int | None = None

    @property
    def code(self) -> str:
        """How a form names it: "known-2026-04-30", or "edition-3"."""
        return f"known-{self.known_on}" if self.edition is None else f"edition-{self.edition}"


def choices_of(quarter: Quarter, *, published_on: date, editions: tuple[int, ...]) -> tuple[ReplayChoice, ...]:
    """The ends of months from the quarter's first until its figures were published (London date), and the editions.

    Figures are published early in a day, from what was recorded until the evening before.
    """
    before = published_on - timedelta(days=1)
    days, first = [], quarter.from_on
    while (first := _next_month(first)) - timedelta(days=1) < before:
        days.append(ReplayChoice(first - timedelta(days=1)))
    return (*days, *(ReplayChoice(before, number) for number in editions))


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)

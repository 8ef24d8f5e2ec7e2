"""Who stands in for a case officer who is away: for which days, and who cannot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Cover:
    """`cover_id` works on the cases of `officer_id` from `from_on` until the day before `until_on` (London dates)."""

    officer_id: str
    cover_id: str
    from_on: date
    until_on: date

    def holds_on(self, day: date) -> bool:
        """Whether it holds on this day."""
        return self.from_on <= day < self.until_on

    def overlaps(self, from_on: date, until_on: date | None) -> bool:
        """Whether a day of it is among these (half-open; None: without end)."""
        return self.from_on < (until_on or date.max) and from_on < self.until_on


def check_cover(new: Cover, standing: Iterable[Cover], *, today: date) -> None:
    """Raise `CoverRefused` for a cover that cannot be. `standing`: those of both people that have not ended."""
    if new.cover_id == new.officer_id:
        raise CoverRefused("cover", "Choose somebody else: nobody covers for themselves")
    if new.from_on < today:
        raise CoverRefused("from_on", "First day away must be today or later: nobody covered before they were named")
    if new.until_on <= new.from_on:
        raise CoverRefused("until_on", "Day back must be after the first day away")
    if new.until_on - new.from_on > LONGEST:
        raise CoverRefused("until_on", "Day back must be within a year: for longer, hand the cases over")
    for other in standing:
        if other.overlaps(new.from_on, new.until_on):
            if other.officer_id == new.officer_id:
                raise CoverRefused("from_on", "Somebody is named for some of these days already: end that first")
            if other.officer_id == new.cover_id:
                raise CoverRefused("cover", "Choose somebody else: they are away themselves on some of these days")


class CoverRefused(ValueError):
    """It cannot be so; `field` is what to change."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        super().__init__(why)

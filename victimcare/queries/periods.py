"""The periods that a board can choose: a fixed menu of the quarters of which figures were published, and of years.

A year is four quarters in a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from victimcare.domain.people import Person
from victimcare.domain.quarter import Quarter
from victimcare.queries.scope import for_the_board
from victimcare.store.publications import published_quarters

QUARTERS_CHARTED = 8
"""How far back the charts of months go: two years."""
_YEAR_TO = "year-to-"


@dataclass(frozen=True, slots=True)
class Period:
    """One quarter, or the four that are 12 months; `id` is how an address names it."""

    quarters: tuple[Quarter, ...]

    @classmethod
    def quarter(cls, quarter: Quarter) -> Period:
        """One quarter."""
        return cls((quarter,))

    @classmethod
    def year_to(cls, quarter: Quarter) -> Period:
        """The 12 months that end with this quarter."""
        return cls(tuple(quarter.next(back) for back in (-3, -2, -1, 0)))

    @classmethod
    def named(cls, period_id: str) -> Period:
        """The period of this id, whether or not anything of it was published."""
        of_year = period_id.removeprefix(_YEAR_TO)
        return cls.quarter(Quarter.named(of_year)) if of_year == period_id else cls.year_to(Quarter.named(of_year))

    @property
    def id(self) -> str:
        """Such as "2026-q3", or "year-to-2026-q3"."""
        return f"{'' if len(self.quarters) == 1 else _YEAR_TO}{self.quarters[-1].id}"

    @property
    def from_on(self) -> date:
        """The first day."""
        return self.quarters[0].from_on

    @property
    def until_on(self) -> date:
        """The day after the last (half-open)."""
        return self.quarters[-1].until_on

    @property
    def last_on(self) -> date:
        """The last day."""
        return self.until_on - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PeriodMenu:
    """What can be chosen, the newest first. `published`: every quarter of which figures were ever published."""

    quarters: tuple[Period, ...]
    years: tuple[Period, ...]
    published: tuple[Quarter, ...]

    @property
    def newest(self) -> Period | None:
        """The last quarter of which figures were published; None where there is none yet."""
        return self.quarters[0] if self.quarters else None

    @property
    def known_from_on(self) -> date | None:
        """The first day of which any figures were published."""
        return min(self.published).from_on if self.published else None

    @property
    def charted(self) -> tuple[Quarter, ...]:
        """The quarters whose months are drawn, the newest first."""
        return self.published[:QUARTERS_CHARTED]

    def before(self, period: Period) -> tuple[Period, ...]:
        """The periods that were over when this one began, the newest first, quarters before 12 months."""
        return tuple(one for one in (*self.quarters, *self.years) if one.until_on <= period.from_on)

    def one_before(self, period: Period) -> Period | None:
        """The newest period as long as this one that was over when it began."""
        return next((one for one in self.before(period) if len(one.quarters) == len(period.quarters)), None)

    def chosen(self, period_id: str) -> Period | None:
        """The period of this id if the menu has it."""
        return next((period for period in (*self.quarters, *self.years) if period.id == period_id), None)


def period_menu(connection: Connection, *, person: Person, threshold: int) -> PeriodMenu:
    """The quarters of which figures were published, and each 12 months made of them.

    None of which counts are shown that this `threshold` hides. Raises `NotForTheBoard`.
    """
    for_the_board(person)
    published = published_quarters(connection, threshold=threshold)
    years = (Period.year_to(quarter) for quarter in published)
    whole = tuple(year for year in years if set(year.quarters) <= set(published))
    return PeriodMenu(tuple(map(Period.quarter, published)), whole, published)

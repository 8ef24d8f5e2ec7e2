"""The periods that a board can choose: a fixed menu of complete calendar quarters, and of four of them in a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, false, func, select

from victimcare.domain.people import Person
from victimcare.queries.scope import for_the_board
from victimcare.store.dues import DUES

QUARTERS_OFFERED = 8
"""How far back the menu goes: two years; from the last duty held where all are older."""


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter, `number` 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter of this London date."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def from_on(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def until_on(self) -> date:
        """The day after its last (half-open)."""
        return self.next().from_on

    @property
    def months(self) -> tuple[str, str, str]:
        """Its months, as `due.reported_month` holds them."""
        first, second, third = (f"{self.year}-{3 * self.number - 2 + month:02}" for month in range(3))
        return first, second, third

    def next(self, count: int = 1) -> Quarter:
        """The quarter `count` quarters on, or back where it is negative."""
        quarters = 4 * self.year + self.number - 1 + count
        return Quarter(quarters // 4, quarters % 4 + 1)


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

    @property
    def id(self) -> str:
        """Such as "2026-q3", or "year-to-2026-q3"."""
        last = self.quarters[-1]
        return f"{'' if len(self.quarters) == 1 else 'year-to-'}{last.year}-q{last.number}"

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
    """What can be chosen, the newest first. `known_from_on`: the earliest month of which anything is held."""

    quarters: tuple[Period, ...]
    years: tuple[Period, ...]
    known_from_on: date | None

    @property
    def newest(self) -> Period | None:
        """The last complete quarter; None where there is none yet."""
        return self.quarters[0] if self.quarters else None

    def chosen(self, period_id: str) -> Period | None:
        """The period of this id if the menu has it."""
        return next((period for period in (*self.quarters, *self.years) if period.id == period_id), None)


def period_menu(connection: Connection, *, person: Person, today: date) -> PeriodMenu:
    """The last complete quarters of which duties of the Code are held, and each 12 months made of them.

    Raises `NotForTheBoard`.
    """
    for_the_board(person)
    known_from_on, known_to_on = (_month(connection, outermost) for outermost in (func.min, func.max))
    if known_from_on is None or known_to_on is None:
        return PeriodMenu((), (), None)
    newest, newest_known = Quarter.of(today).next(-1), Quarter.of(known_to_on)
    is_old = newest_known <= newest.next(-QUARTERS_OFFERED)
    quarters = _back_to(Quarter.of(known_from_on), newest_known if is_old else newest)
    years = [Period.year_to(quarter) for quarter in quarters if quarter.next(-3) in quarters]
    return PeriodMenu(tuple(map(Period.quarter, quarters)), tuple(years), known_from_on)


def _month(connection: Connection, outermost: Callable[..., ColumnElement[str]]) -> date | None:
    """The first day of the first month, or of the last, in which a victim of a known duty reported the crime."""
    month = connection.execute(select(outermost(DUES.c.reported_month)).where(DUES.c.policy == false())).scalar_one()
    return date.fromisoformat(f"{month}-01") if month else None


def _back_to(first: Quarter, last: Quarter) -> Sequence[Quarter]:
    """The quarters offered up to `last`, newest first."""
    back = (last.next(-count) for count in range(QUARTERS_OFFERED))
    return [quarter for quarter in back if quarter >= first]

"""Calendar quarters, in which figures are published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter, `number` 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter of this London date."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def named(cls, quarter_id: str) -> Quarter:
        """The quarter of this id, such as "2026-q3"."""
        year, number = quarter_id.split("-q")
        return cls(int(year), int(number))

    @property
    def from_on(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def until_on(self) -> date:
        """The day after its last (half-open)."""
        return self.next().from_on

    def has(self, day: date) -> bool:
        """Whether this London date is in it."""
        return self.from_on <= day < self.until_on

    @property
    def months(self) -> tuple[str, str, str]:
        """Its months, as `due.reported_month` holds them."""
        first, second, third = (f"{self.year}-{3 * self.number - 2 + month:02}" for month in range(3))
        return first, second, third

    def next(self, count: int = 1) -> Quarter:
        """The quarter `count` quarters on, or back where it is negative."""
        quarters = 4 * self.year + self.number - 1 + count
        return Quarter(quarters // 4, quarters % 4 + 1)

    @property
    def id(self) -> str:
        """Such as "2026-q3"."""
        return f"{self.year}-q{self.number}"

"""The first of a list that may be long, and how long it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, Self, TypeVar


class OfACase(Protocol):
    """A line that is about a case."""

    @property
    def case_id(self) -> int:
        """Its number."""


Line = TypeVar("Line", bound=OfACase)


@dataclass(frozen=True, slots=True)
class FirstOf(Generic[Line]):
    """The first lines, in the order of the list, and how many there are in all."""

    rows: tuple[Line, ...] = ()
    total: int = 0

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that is listed."""
        return tuple(row.case_id for row in self.rows)

    def between(self, first: int, until: int) -> Self:
        """The same with those lines alone that stand in these places (half-open)."""
        return replace(self, rows=self.rows[first:until])


def total_of(rows: Sequence[object]) -> int:
    """How many there are in all, as each row of a statement says that counted them over all (`total`)."""
    return int(rows[0].total) if rows else 0  # type: ignore[attr-defined]

"""Pages of a list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of a list is shown. A page out of range is the nearest that there is.

    `address` is that of the list with its filters and without a page; it holds no names.
    """

    asked: int
    total: int
    size: int
    address: str

    @property
    def pages(self) -> int:
        """How many there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def page(self) -> int:
        """The one shown, from 1."""
        return min(max(1, self.asked), self.pages)

    @property
    def offset(self) -> int:
        """How many rows come before it."""
        return (self.page - 1) * self.size

    @property
    def first(self) -> int:
        """The number of its first row, from 1."""
        return self.offset + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The number of its last row."""
        return min(self.offset + self.size, self.total)

    @property
    def previous(self) -> int | None:
        """The page before."""
        return self.page - 1 if self.page > 1 else None

    @property
    def next(self) -> int | None:
        """The page after."""
        return self.page + 1 if self.page < self.pages else None

    @property
    def numbers(self) -> tuple[int | None, ...]:
        """The pages to link to; None where some are left out."""
        near = {1, self.pages, *range(max(1, self.page - 1), min(self.pages, self.page + 1) + 1)}
        shown: list[int | None] = []
        for number in sorted(near):
            if shown and shown[-1] is not None and number - shown[-1] == 2:
                shown.append(number - 1)
            elif shown and shown[-1] is not None and number - shown[-1] > 2:
                shown.append(None)
            shown.append(number)
        return tuple(shown)

    def href(self, number: int) -> str:
        """The address of a page."""
        return f"{self.address}{'&' if '?' in self.address else '?'}page={number}"

"""Numbers as the cells of a pack's tables: what may not be shown is a mark."""

from __future__ import annotations

from collections.abc import Iterator

from victimcare.domain.board_pack import Cell
from victimcare.domain.small_numbers import Count
from victimcare.presentation.figures import interval_ends, plain_number, plain_percent
from victimcare.queries.rates import Rate


def rate_cells(rate: Rate) -> Iterator[Cell]:
    """Its share and both ends of its interval, in per cent."""
    return (as_cell(plain_percent(share)) for share in (rate.share, *interval_ends(rate.interval)))


def count_cell(count: Count) -> Cell:
    """A number of duties or victims."""
    return as_cell(plain_number(count))


def as_cell(plain: str) -> Cell:
    """A number as a number, a mark as it is."""
    if plain.startswith("["):
        return plain
    return float(plain) if "." in plain else int(plain)

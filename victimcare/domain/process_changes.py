"""That a process changed, as a board declares it: from then on its figures are held against each other alone.

Limits that were drawn anew whenever a figure pleased would show no change ever. So a change is declared with its month,
its reason and who decided it; it is never edited, and one that is withdrawn stays in the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

BOARD: Final = "board"
"""Who decided where it was no agency."""
LONGEST_REASON: Final = 300


@dataclass(frozen=True, slots=True)
class ProcessChange:
    """From the month that begins on `from_on` an agency kept its duties by another process.

    `decided_by` is `BOARD` or an agency, `decided_on` a London date; `reason` names nobody. `declared_on` is the London
    date on which it was recorded here.
    """

    id: int
    agency: str
    from_on: date
    reason: str
    decided_by: str
    decided_on: date
    declared_on: date

    @property
    def months_afterwards(self) -> int:
        """How many calendar months after its own month it was declared; below 1, it was not afterwards."""
        return 12 * (self.declared_on.year - self.from_on.year) + self.declared_on.month - self.from_on.month


def steps_at(months: Sequence[date], changes: Iterable[ProcessChange]) -> dict[int, tuple[ProcessChange, ...]]:
    """At which of these months (first days, the oldest first) limits begin anew, and for which changes.

    A change begins at the first of the months that is not before it: the month itself may be hidden. One after the
    newest of them begins nowhere yet; one before the oldest, or at it, has nothing before it to be told apart from.
    """
    found: dict[int, tuple[ProcessChange, ...]] = {}
    for change in sorted(changes, key=lambda one: (one.from_on, one.id)):
        place = next((place for place, month_on in enumerate(months) if month_on >= change.from_on), 0)
        if place:
            found[place] = (*found.get(place, ()), change)
    return found

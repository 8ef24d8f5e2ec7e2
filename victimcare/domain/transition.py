"""What a new edition of the Code does with duties that began before it: data of its file.

A clock that starts on the day of commencement or later is the new edition's. What began before, and was neither kept
nor late by then, is what a transition speaks of; nothing else is ever touched by it (docs/decisions/0051).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from victimcare.domain.event_kinds import EventKind


class Fate(StrEnum):
    """What becomes of a duty that is open, and in time, when a new edition commences."""

    STAYS = "stays"
    """It stays under the edition in which it began."""
    MOVES = "moves"
    """The new edition's rule of the same id governs it, its limit counted from the day on which the duty began."""
    MOVES_FROM_COMMENCEMENT = "moves_from_commencement"
    """The same, with the limit counted from the day of commencement."""
    ENDS = "ends"
    """It ends on the day of commencement: the Code asks it no longer."""

    @property
    def moves(self) -> bool:
        """Whether the new edition governs it."""
        return self in (Fate.MOVES, Fate.MOVES_FROM_COMMENCEMENT)

    @property
    def in_words(self) -> str:
        """As it is said on pages, of open duties."""
        return _WORDS[self]


_WORDS = {
    Fate.STAYS: "stay under the edition in which they began",
    Fate.MOVES: "move to the new edition, counted from the day they began",
    Fate.MOVES_FROM_COMMENCEMENT: "move to the new edition, counted from the day it commences",
    Fate.ENDS: "end on the day the new edition commences",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """How an edition takes over from the one before it.

    `otherwise` is the fate of the open duties of every rule that `of_rule` does not name: it has no default. `begins`
    has, by the id of a rule that the older edition had not, the London date from which on earlier events start it: its
    clock then starts on the day of commencement. `no_longer_starts` are the event kinds that started a clock in the
    older edition and start none in this.
    """

    otherwise: Fate
    of_rule: Mapping[str, Fate] = field(default_factory=dict)
    begins: Mapping[str, date] = field(default_factory=dict)
    no_longer_starts: frozenset[EventKind] = frozenset()

    def fate_of(self, rule_id: str) -> Fate:
        """What becomes of the open duties of this rule."""
        return self.of_rule.get(rule_id, self.otherwise)

    def begins_with(self, rule_id: str, day: date) -> bool:
        """Whether an event of this London date, which is before commencement, starts this rule at commencement."""
        since = self.begins.get(rule_id)
        return since is not None and since <= day

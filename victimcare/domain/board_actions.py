"""What a board decided to do about a finding, and whether the figure that should move did.

Whether it moved is asked of published figures alone: the quarter before the decision against the newest one that began
after it. A change that chance could have made is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from victimcare.domain.quarter import Quarter
from victimcare.domain.statistics import difference_interval

VICTIMS_REFERRED = "referred"
"""The measure that is no agency's: the share of victims who were referred to support."""
LONGEST_WORDS = 300


class Way(StrEnum):
    """Which way the figure should go."""

    UP = "up"
    DOWN = "down"


class Step(StrEnum):
    """What became of an action, one after another; nothing is overwritten."""

    DECIDED = "decided"
    DUE_MOVED = "due_moved"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def ends_it(self) -> bool:
        """Whether nothing comes after it."""
        return self in (Step.DONE, Step.DROPPED)


class Moved(StrEnum):
    """Whether a figure moved."""

    AS_WISHED = "as wished"
    OTHER_WAY = "the other way"
    BY_CHANCE = "no more than chance"
    NOT_YET_KNOWN = "not yet known"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Measure:
    """The share of duties met in time of an agency, all of them or of one right; or of victims referred to support."""

    agency: str
    right: int | None = None

    @property
    def code(self) -> str:
        """As it is stored and sent: "police", "police:6" or "referred"."""
        return self.agency if self.right is None else f"{self.agency}:{self.right}"

    @classmethod
    def read(cls, code: str) -> Measure:
        """The measure of a code that was stored."""
        agency, _, right = code.partition(":")
        return cls(agency, int(right) if right else None)


def first_quarter_after(decided_on: date) -> Quarter:
    """The first quarter that began after this London date: what an action could have moved from its first day on."""
    return Quarter.of(decided_on).next()


def moved(before: tuple[int, int] | None, after: tuple[int, int] | None, way: Way) -> Moved:
    """Whether a share moved from (part, whole) to another, each None where it is hidden; by its 95% interval."""
    if before is None or after is None:
        return Moved.HIDDEN
    low, high = difference_interval(before, after)
    if low <= 0 <= high:
        return Moved.BY_CHANCE
    return Moved.AS_WISHED if (low > 0) is (way is Way.UP) else Moved.OTHER_WAY

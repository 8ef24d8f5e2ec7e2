"""Why a duty was not kept in time: causes that can be counted, each with whose it was. Force policy, never law."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Whose(StrEnum):
    """With whom a cause lies. It takes no lateness away: the breach stays the agency's that owed the duty."""

    OWN_FORCE = "own_force"
    ANOTHER_AGENCY = "another_agency"
    VICTIMS_WISH = "victims_wish"
    CIRCUMSTANCES = "circumstances"

    @property
    def in_words(self) -> str:
        """As it is said on pages."""
        return _WHOSE[self]


_WHOSE = {
    Whose.OWN_FORCE: "Our own force",
    Whose.ANOTHER_AGENCY: "Another agency",
    Whose.VICTIMS_WISH: "The victim’s wish",
    Whose.CIRCUMSTANCES: "Circumstances",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause that can be given: its code, in words, and whose it is."""

    code: str
    words: str
    whose: Whose

"""What a victim says to whoever answers the telephone while their case officer is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

AFRAID = "afraid"
WANTS = {
    "news": "News of the case",
    "tell": "To tell us something",
    AFRAID: "They are afraid, or something has happened to them",
    "date": "A date, a time or an appointment",
    "support": "Support, or something practical",
    "complain": "To complain",
    "other": "Something else",
}


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case that fits what a caller said. `searched_name` is the victim's name as it is searched for."""

    case_id: int
    officer_id: str
    searched_name: str | None
    status: str
    opened_on: date


def case_meant(found: Sequence[FoundCase]) -> FoundCase | None:
    """The one case that a message is for, None where what was said fits none or several.

    An open case before a closed one. Several of one name with one case officer come to the same: the latest.
    """
    candidates = [case for case in found if case.status == "open"] or list(found)
    if not candidates:
        return None
    same_victim = len({case.searched_name for case in candidates}) == 1 and candidates[0].searched_name is not None
    same_officer = len({case.officer_id for case in candidates}) == 1
    if len(candidates) == 1 or (same_victim and same_officer):
        return max(candidates, key=lambda case: (case.opened_on, case.case_id))
    return None

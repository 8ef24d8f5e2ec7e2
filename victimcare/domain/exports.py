"""Files that leave the service: what each holds is said before it is taken, and kept.

Built from a list of columns, never from "all there is"; of figures without names, never of rows about people.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Export(StrEnum):
    """A file that can be taken."""

    COMPLIANCE = "compliance"
    REFERRALS = "referrals"
    SUPPORT = "support"
    PACKS = "packs"
    FEEDBACK = "feedback"
    MONTHS = "months"
    FEEDS = "feeds"


class Purpose(StrEnum):
    """What somebody takes a file for."""

    MEETING = "meeting"
    PARTNER = "partner"
    REQUEST = "request"
    PUBLICATION = "publication"


PURPOSES = {
    Purpose.MEETING: "For a meeting of the board",
    Purpose.PARTNER: "For an agency of the board",
    Purpose.REQUEST: "To answer a question put to the board",
    Purpose.PUBLICATION: "To publish it",
}
CLASSIFICATION = "OFFICIAL"
"""Of all of them: figures of groups, with small numbers hidden."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a file holds. `of` names the period, reading of the plan or agency; `sha256` is of its bytes, in hex."""

    export: Export
    of: str
    columns: tuple[str, ...]
    rows: int
    sha256: str
    classification: str = CLASSIFICATION

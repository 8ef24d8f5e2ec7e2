"""How sure we are of what is said of the Code."""

from __future__ import annotations

from enum import StrEnum


class Evidence(StrEnum):
    """How sure we are of a fact of the Code, best first (victims-code facts, section 0)."""

    QUOTED = "quoted"
    SUMMARY = "summary"
    SECONDARY = "secondary"
    EARLIER_CODE = "earlier-code"
    RECALLED = "recalled"

    @property
    def verified(self) -> bool:
        """Whether screens may show the fact without the mark "not verified"."""
        return self in (Evidence.QUOTED, Evidence.SUMMARY)

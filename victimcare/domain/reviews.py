"""What a privacy reviewer finds of something that others did."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """Whether there was a reason for it."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"

"""What a telephone number and an e-mail address look like, wherever they come from: anything else is a mistake."""

from __future__ import annotations

import re

from victimcare.domain.safe_contact import PointKind

_LONGEST_PHONE = 25
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def shape_wrong(kind: PointKind, value: str) -> str | None:
    """What is asked for where the value cannot be a point of this kind, in a sentence that does not repeat it."""
    if kind is PointKind.PHONE and (len(value) > _LONGEST_PHONE or not 6 <= len(re.findall(r"\d", value)) <= 15):
        return "Enter a telephone number, like 01632 960001, and nothing else"
    if kind is PointKind.EMAIL and not _EMAIL.fullmatch(value):
        return "Enter an e-mail address, like name@example.com, and nothing else"
    return None

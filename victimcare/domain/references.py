"""References as they are written, from however somebody typed them."""

from __future__ import annotations

import re

CASE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of what a case's reference is made: nothing that is taken for something else when it is read aloud or written."""


def case_reference(typed: str) -> str:
    """A case's: capitals, with the dash."""
    letters = re.sub(r"[^0-9A-Z]", "", typed.upper())
    return f"{letters[:5]}-{letters[5:]}" if letters else typed.strip()


def crime_references(typed: str) -> tuple[str, ...]:
    """A crime's, as its source may have written it; none of nothing."""
    reference = " ".join(typed.split())
    return tuple(sorted({reference, reference.upper(), reference.lower()})) if reference else ()

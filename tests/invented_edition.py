"""The invented edition as somebody would propose it: in force from New Year 2027, named by that day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import victimcare.editions

COMMENCES = date(2027, 1, 1)
_SHIPPED = Path(victimcare.editions.__file__).with_name("example-draft.toml").read_text("utf-8")


def invented(*changes: tuple[str, str], edition: str = "2027-01-01") -> str:
    """Its text, with each of these changes once. It does not say that it is invented, but in its title."""
    text = _SHIPPED.replace('id = "example-draft"', f'id = "{edition}"').replace("fictional = true\n", "")
    for old, new in changes:
        assert old in text, f"the invented edition does not say {old}"
        text = text.replace(old, new, 1)
    return text


def coming(*changes: tuple[str, str]) -> str:
    """The same in force from Monday 25 May 2026, when the days of the invented site are those before."""
    on = "2026-05-25"
    return invented(("in_force_from = 2027-01-01", f"in_force_from = {on}"), *changes, edition=on)

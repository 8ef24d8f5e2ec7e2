"""Back from a case to the record in the system that it came from."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote


def source_link(templates: Mapping[str, str], *, source: str, source_ref: str) -> str | None:
    """The address of a crime's record in its own system; None where nobody said how that is addressed.

    Of what came from elsewhere the reference is one part of an address, whatever is written in it.
    """
    template = templates.get(source)
    return template.replace("{id}", quote(source_ref, safe="")) if template else None

"""The causes that a force can give of a breach, read from their file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from victimcare.domain.breach_causes import Cause, Whose
from victimcare.editions.reading import read_document

PUBLISHED_CAUSES = Path(__file__).with_name("breach_causes.toml")
IN_THE_NOTE = "other"
"""The cause that says nothing without a note."""


@cache
def published_causes() -> Mapping[str, Cause]:
    """Every cause by its code, in the order of the file shipped with the program; read once. Raises `BadEdition`."""
    return load_causes(PUBLISHED_CAUSES)


def load_causes(path: Path) -> Mapping[str, Cause]:
    """The causes in this file by their codes. Raises `BadEdition`, which names file and field."""
    document = read_document(path)
    causes: dict[str, Cause] = {}
    for entry in document.tables("cause"):
        cause = Cause(entry.text("code"), entry.text("words"), entry.code("whose", Whose, "word for whose it is"))
        if cause.code in causes:
            raise entry.bad("code", f"there is a cause {cause.code} already")
        entry.finish()
        causes[cause.code] = cause
    document.finish()
    missing = {"recorded_late", IN_THE_NOTE} - causes.keys()
    if missing:
        raise document.bad("cause", f"there must be a cause {min(missing)}")
    return causes

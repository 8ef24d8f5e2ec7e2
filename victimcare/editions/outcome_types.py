"""Outcome types of the Home Office, read from their file: numbers by which forces report how investigations ended."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.evidence import Evidence

PUBLISHED_TYPES = Path(__file__).with_name("outcome_types.toml")


@dataclass(frozen=True, slots=True)
class OutcomeType:
    """One outcome type, and the kinds of event that it is offered with. `code` is its number as text."""

    code: str
    title: str
    evidence: Evidence
    kinds: frozenset[EventKind]

    @property
    def words(self) -> str:
        """How it is shown: number and title, and that they are not verified where they are not."""
        return f"{self.code}: {self.title}{'' if self.evidence.verified else ' (not verified)'}"


@cache
def outcome_types(path: Path = PUBLISHED_TYPES) -> Mapping[str, OutcomeType]:
    """Every outcome type by its code, in the order of the file. A bad file raises `ValueError` or `KeyError`."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    evidence = Evidence(document["evidence"])
    types = [
        OutcomeType(str(entry["number"]), entry["title"], evidence, frozenset(map(EventKind, entry["kinds"])))
        for entry in document["outcome_type"]
    ]
    return {outcome_type.code: outcome_type for outcome_type in types}


def outcome_types_of(kind: EventKind) -> list[tuple[str, str]]:
    """The code and the words of each type that an event of this kind can have."""
    return [(known.code, known.words) for known in outcome_types().values() if kind in known.kinds]

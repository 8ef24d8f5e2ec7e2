"""What an export holds: enough to know, before anything is stored, that all of it is there and fits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from victimcare.domain.audit_chain import Head
from victimcare.exchange.everything.lines import contents_hash

FORM = 1
"""The form of an export; another one has another number."""


@dataclass(frozen=True, slots=True)
class Table:
    """How many rows of a table left, and the SHA-256 of their lines."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """When it was made and of which migration, what of each table, and where the audit's chains ended.

    `audit_wrong`: what was found where the audit was no more as it was written; empty where it was.
    """

    made_at: datetime
    migration: str
    tables: Mapping[str, Table]
    heads: tuple[Head, ...]
    form: int = FORM
    audit_wrong: str = ""

    @property
    def contents(self) -> str:
        """What all of it is called: the same wherever the same is stored."""
        return contents_hash({name: table.sha256 for name, table in self.tables.items()})

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables.values())

    def as_bytes(self) -> bytes:
        """As the last part of the file."""
        said = {**asdict(self), "made_at": self.made_at.isoformat(), "contents": self.contents}
        return json.dumps(said, sort_keys=True, indent=1).encode()

    @classmethod
    def from_bytes(cls, written: bytes) -> Manifest:
        """What was written. Raises `ValueError`, `KeyError`, `TypeError` for anything else."""
        said: Mapping[str, Any] = json.loads(written)
        made_at, migration = datetime.fromisoformat(said["made_at"]), str(said["migration"])
        if made_at.tzinfo is None or not migration.isalnum() or "victim_case" not in said["tables"]:
            raise ValueError("no manifest of this program")
        tables = {str(name): Table(int(of["rows"]), str(of["sha256"])) for name, of in said["tables"].items()}
        heads = tuple(Head(int(chain), int(seq), str(own)) for chain, seq, own in said["heads"])
        return cls(made_at, migration, tables, heads, int(said["form"]), str(said.get("audit_wrong", "")))

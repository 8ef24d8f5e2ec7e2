"""What a backup holds: enough to know, before anything is touched, that all of it is there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from victimcare.domain.audit_chain import Head
from victimcare.exchange.sealed_file import Form
from victimcare.store import audit
from victimcare.store.migrate import revision_of
from victimcare.store.row_counts import row_counts

BACKUP = Form(
    "backup",
    "this backup was sealed with the backup key {needed}, and the key here is {found}: "
    "put the right one at VICTIMCARE_BACKUP_KEY_FILE",
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What the database held at one moment: its migration, the rows of each table, where the audit's chains ended."""

    migration: str
    rows: Mapping[str, int]
    heads: tuple[Head, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Of which database, when, and what. `vault`: the fingerprint of the key that its sealed words open with."""

    database: str
    made_at: datetime
    vault: str
    contents: Contents
    size: int
    sha256: str

    def as_bytes(self) -> bytes:
        """To be sealed as the last block."""
        return json.dumps({**asdict(self), "made_at": self.made_at.isoformat()}, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, written: bytes) -> Manifest:
        """What was sealed."""
        said = json.loads(written)
        contents = said["contents"]
        heads = tuple(Head(*head) for head in contents["heads"])
        known = {each.name: said[each.name] for each in fields(cls)}
        known["contents"] = Contents(contents["migration"], contents["rows"], heads)
        return cls(**{**known, "made_at": datetime.fromisoformat(said["made_at"])})


class Measured:
    """Blocks that are counted and hashed as they pass."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._hash = blocks, sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self.size += len(block)
            self._hash.update(block)
            yield block

    @property
    def sha256(self) -> str:
        """Of all that has passed."""
        return self._hash.hexdigest()


def contents_of(connection: Connection) -> Contents:
    """What the database holds as of the transaction's moment; in one without tables the audit has no heads."""
    rows = row_counts(connection)
    return Contents(revision_of(connection) or "", rows, audit.heads(connection))

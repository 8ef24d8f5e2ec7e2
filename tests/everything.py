"""What tests of exports of everything share: one made, and another installation that it is brought into."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from victimcare.editions.escalation import published_ladder
from victimcare.editions.law import published_law
from victimcare.exchange.everything.arrive import Settling, import_all
from victimcare.exchange.everything.leave import Exported, export_all, read_manifest
from victimcare.store.audit_anchors import AnchorFile
from victimcare.store.database import Database
from victimcare.store.vault import Vault

KEY = bytes(range(32))
NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
NEW_VAULT = Vault(b"n" * 32)
NewInstallation = Callable[[str], Database]
"""Makes an empty, migrated one on an engine."""


def leave(database: Database, to: Path, *, vault: Vault, **how: Any) -> Exported:
    """Everything of the database in one file."""
    return export_all(database, to, vault=vault, **{"key": KEY, "now": NOW} | how)


def anchors_in(folder: Path) -> AnchorFile:
    """The anchors of a new installation."""
    return AnchorFile(folder / "anchors.jsonl", key_file=folder / "audit.key")


def arrive(database: Database, file: Path, *, anchors: AnchorFile, vault: Vault = NEW_VAULT, **how: Any) -> int:
    """All of the file in the database: how many notices were held back."""
    given = {"key": KEY, "now": NOW} | how
    manifest = read_manifest(file, key=given["key"])
    settling = Settling(published_law(), published_ladder(), anchors)
    return import_all(database, file, manifest, vault=vault, settling=settling, **given)


def empty(url: str) -> bool:
    """Whether the database holds no row at all."""
    from victimcare.store.row_counts import row_counts

    with closing(Database(url)) as database, database.reading() as connection:
        return not any(row_counts(connection).values())

"""Make a backup: copied as of one moment, sealed, read again from the disk, and only then given its name."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from victimcare.exchange.backup.kind import Kind, Unsound
from victimcare.exchange.backup.manifest import BACKUP, Manifest, Measured, contents_of
from victimcare.exchange.backup.postgresql import PostgresDatabase
from victimcare.exchange.backup.scratch import keep, scratch_in
from victimcare.exchange.backup.sqlite import SqliteFile
from victimcare.exchange.progress import Tick, no_progress
from victimcare.exchange.sealed_file import Damaged, SealedReader, SealedWriter
from victimcare.store import audit
from victimcare.store.database import Database
from victimcare.store.staff import SYSTEM

_NAME = "victimcare-%Y%m%dT%H%M%SZ.backup"

__all__ = ["Backups", "Made", "Unsound", "copy_database", "kind_of", "make_backup", "note_backup"]


@dataclass(frozen=True, slots=True)
class Backups:
    """Where backups go, and the key that seals them. `vault`: the fingerprint of the vault's key, which is in none.

    After a new one was read again, those older than `keep_days` are deleted.
    """

    folder: Path
    key: bytes = field(repr=False)
    vault: str
    keep_days: int = 30
    programs: Path | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was read again, what it holds, and how many older ones were deleted."""

    file: Path
    manifest: Manifest
    deleted: int


def make_backup(database: Database, *, backups: Backups, now: datetime, progress: Tick = no_progress) -> Made:
    """Back the database up while it is written to; `progress` may raise to stop it, and then nothing is left behind.

    Raises `Unsound` where the database itself is damaged, `NoPrograms`, `OSError`.
    """
    made = copy_database(database, backups=backups, now=now, progress=progress)
    note_backup(database, now=now)
    return made


def note_backup(database: Database, *, now: datetime) -> None:
    """Write down that it was backed up."""
    with database.writing() as connection:
        audit.write(connection, at=now, operation="disclosure", what="make backup", person=SYSTEM, recipient="backup")


def copy_database(database: Database, *, backups: Backups, now: datetime, progress: Tick = no_progress) -> Made:
    """The same of a database of any version, in which nothing is written down. Raises what `make_backup` does."""
    kind = kind_of(database.url, backups)
    with scratch_in(backups.folder) as scratch:
        unfinished = scratch / "archive"
        manifest = _seal(kind, unfinished, backups, now, progress)
        _read_again(kind, unfinished, backups.key, manifest)
        finished = backups.folder / f"{now.astimezone(UTC):{_NAME}}"
        keep(unfinished, finished)
    return Made(finished, manifest, _delete_older(backups, now))


def kind_of(url: str, backups: Backups) -> Kind:
    """How the database at this address is copied and put back."""
    if make_url(url).get_backend_name() == "sqlite":
        return SqliteFile(url)
    return PostgresDatabase(url, programs=backups.programs)


def _seal(kind: Kind, file: Path, backups: Backups, now: datetime, progress: Tick) -> Manifest:
    with file.open("wb") as opened, kind.taken(contents_of, progress=progress) as taken:
        file.chmod(0o600)
        writer, measured = SealedWriter(opened, backups.key, BACKUP), Measured(taken.blocks)
        for block in measured:
            writer.add(block)
            progress(measured.size, max(taken.size, measured.size))
        made_at = now.astimezone(UTC)
        manifest = Manifest(kind.name, made_at, backups.vault, taken.described, measured.size, measured.sha256)
        writer.finish(manifest.as_bytes())
    return manifest


def _read_again(kind: Kind, file: Path, key: bytes, manifest: Manifest) -> None:
    """From the disk, to its end: what cannot be read now would not be read when it is needed."""
    with file.open("rb") as opened:
        reader = SealedReader(opened, key, BACKUP)
        measured = Measured(reader.blocks())
        kind.tried(iter(measured))
    if Manifest.from_bytes(reader.manifest) != manifest or measured.sha256 != manifest.sha256:
        raise Damaged("it does not read as it was written", BACKUP)


def _delete_older(backups: Backups, now: datetime) -> int:
    before = now - timedelta(days=backups.keep_days)
    old = [file for file in backups.folder.glob("victimcare-*.backup") if (_made_at(file.name) or now) < before]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _made_at(name: str) -> datetime | None:
    with suppress(ValueError):
        return datetime.strptime(name, _NAME).replace(tzinfo=UTC)
    return None

"""Put a backup in the place of the database: all is read, laid out beside it and checked before anything is touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from victimcare.commands.settle_restored import settle_restored
from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.audit_chain import RESTORED, Anchor, Head, Restored
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.exchange.backup.kind import Unsound
from victimcare.exchange.backup.make import Backups, kind_of
from victimcare.exchange.backup.manifest import BACKUP, Contents, Manifest, Measured, contents_of
from victimcare.exchange.progress import Tick, no_progress
from victimcare.exchange.sealed_file import Damaged, SealedReader
from victimcare.queries.audit_check import check_audit, current_anchor
from victimcare.store.audit import heads as heads_of
from victimcare.store.audit import last_written
from victimcare.store.audit_anchors import AnchorFile
from victimcare.store.audit_segments import beginnings
from victimcare.store.database import Database
from victimcare.store.in_use import alone
from victimcare.store.law_in_force import law_now
from victimcare.store.migrate import is_known_revision, newest_revision, revision_of, upgrade
from victimcare.store.sealed_rows import in_words, sealed_columns
from victimcare.store.staff import SYSTEM
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Done:
    """What was restored. `former`: where the database from before is kept. `held_back`: notices that do not leave."""

    manifest: Manifest
    migrated: bool
    held_back: int
    former: str | None


@dataclass(frozen=True, slots=True)
class PutBack:
    """A copy was put in the place of the database: as of when, and how many notices do not leave."""

    as_of: datetime
    held_back: int


def read_manifest(file: Path, *, key: bytes, progress: Tick = no_progress) -> Manifest:
    """What a backup holds; all of it was read. Raises `NotThisForm`, `SealedWithAnother`, `Damaged`."""
    with file.open("rb") as opened:
        reader = SealedReader(opened, key, BACKUP)
        measured = Measured(_told(reader.blocks(), file.stat().st_size, progress))
        for _ in measured:
            pass
    return _manifest(reader, measured)


def restore_backup(
    file: Path,
    *,
    url: str,
    backups: Backups,
    vault: Callable[[], Vault],
    anchors: AnchorFile,
    law: Law,
    ladder: Ladder,
    now: datetime,
    other_vault: bool = False,
    progress: Tick = no_progress,
) -> Done:
    """Restore the backup as the database at `url`. Nothing is changed before all of it was checked.

    `other_vault` restores it although its sealed words open with another key than ours. An older backup is migrated.
    Raises `NotThisForm`, `SealedWithAnother`, `Damaged`, `NotForHere`, `Unsound`, `InUse`.
    """
    manifest = read_manifest(file, key=backups.key, progress=progress)
    kind = kind_of(url, backups)
    _check_fits(manifest, kind.name, vault(), other_vault)
    with alone(url):
        known = anchors.anchors()
        with file.open("rb") as opened, kind.laid(SealedReader(opened, backups.key, BACKUP).blocks()) as laid:
            migrated = _brought_up(laid.url, manifest.contents, known, vault)
            with closing(Database(laid.url)) as database:
                held_back, anchor = _settled(database, manifest.made_at, manifest.contents.heads, law, ladder, now)
            former = laid.take_its_place(now)
        anchors.add(anchor)
    return Done(manifest, migrated, held_back, former)


def settle_put_back(url: str, *, anchors: AnchorFile, law: Law, ladder: Ladder, now: datetime) -> PutBack:
    """The same for a copy that another program put in the place of the database, as it was at some moment.

    Raises `NotOfThisVersion`, `Unsound`, `InUse`, `BadAnchor`.
    """
    known = anchors.anchors()
    with alone(url), closing(Database(url)) as database:
        with database.reading() as connection:
            if revision_of(connection) != newest_revision():
                raise NotOfThisVersion
            heads = heads_of(connection)
            _check_audit(connection, heads, known)
            as_of = last_written(connection) or now
        held_back, anchor = _settled(database, as_of, heads, law, ladder, now)
        anchors.add(anchor)
    return PutBack(as_of, held_back)


def _check_audit(connection: Connection, heads: tuple[Head, ...], known: Sequence[Anchor]) -> None:
    """Raise `Unsound` unless the audit is whole up to these heads, and begins where what is signed says that it may.

    Where nothing was ever anchored here, it is believed to begin where it does.
    """
    signed = {head for anchor in known for head in anchor.closed}
    closed = tuple(head for head in beginnings(connection) if head in signed or not known)
    if wrong := check_audit(connection, [Anchor(_NEVER, heads, closed=closed)]).wrong:
        raise Unsound(wrong.sentence)


def _settled(
    database: Database, as_of: datetime, heads: tuple[Head, ...], law: Law, ladder: Ladder, now: datetime
) -> tuple[int, Anchor]:
    """Nothing leaves of what was to leave then; how much, and what is to be signed of it. `heads` are those of then."""
    with database.writing() as connection:
        held_back = settle_restored(
            connection,
            said=f"{RESTORED}{as_of:%Y-%m-%dT%H:%M:%SZ}",
            by=SYSTEM,
            now=now,
            law=law_now(connection, law),
            ladder=ladder,
            own_agency=OWN_AGENCY,
        )
    with database.reading() as connection:
        current, closed = current_anchor(connection, now=now), beginnings(connection)
    return held_back, Anchor(now, current.heads, Restored(as_of, heads), closed)


def _check_fits(manifest: Manifest, kind: str, vault: Vault, other_vault: bool) -> None:
    if manifest.database != kind:
        raise NotForHere(
            f"this is a backup of {_KINDS[manifest.database]}, and VICTIMCARE_DATABASE_URL names {_KINDS[kind]}"
        )
    if not is_known_revision(manifest.contents.migration):
        raise NotForHere(
            f"this backup was made by a newer program (migration {manifest.contents.migration}, this one knows up to "
            f"{newest_revision()}): install that program and restore with it"
        )
    if manifest.vault not in vault.fingerprints and not other_vault:
        raise OtherVault(manifest.vault, vault.fingerprint, lost_without_vault(manifest.contents.rows))


def _brought_up(url: str, contents: Contents, known: Sequence[Anchor], vault: Callable[[], Vault]) -> bool:
    """Check the restored database against its manifest, and bring it to this program's tables; whether it had to be."""
    with closing(Database(url)) as database, database.reading() as connection:
        if contents_of(connection) != contents:
            raise Unsound("it does not hold what its manifest says")
        _check_audit(connection, contents.heads, known)
    if contents.migration == newest_revision():
        return False
    upgrade(url, vault)
    return True


def _manifest(reader: SealedReader, measured: Measured) -> Manifest:
    manifest = Manifest.from_bytes(reader.manifest)
    if (measured.size, measured.sha256) != (manifest.size, manifest.sha256):
        raise Damaged("it is not what its manifest says", BACKUP)
    return manifest


def _told(blocks: Iterable[bytes], size: int, progress: Tick) -> Iterator[bytes]:
    done = 0
    for block in blocks:
        yield block
        done += len(block)
        progress(done, max(done, size))


def lost_without_vault(rows: Mapping[str, int]) -> str:
    """Where there is what cannot be read without the key that it was sealed with, in words: at most so many of each."""
    tables = dict.fromkeys(each.table.name for each in sealed_columns())
    lost = [f"{rows[table]:,} {in_words(table)}" for table in tables if rows.get(table)]
    return ", ".join(lost) or "nothing"


_KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_NEVER = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


class NotOfThisVersion(ValueError):
    """The copy has the tables of another version of the program."""

    def __init__(self) -> None:
        super().__init__("this database is of another version: run `victimcare migrate` first; nothing was changed")


class NotForHere(ValueError):
    """The backup is whole, and cannot be restored here."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why}; nothing was changed")


class OtherVault(ValueError):
    """The words in the backup are sealed with another key of the vault than the one here."""

    def __init__(self, needed: str, found: str, lost: str) -> None:
        super().__init__(
            f"what is sealed in this backup opens with the vault key {needed}, and the key here is {found}. With this "
            f"key nobody reads: {lost}. Put the right key at VICTIMCARE_VAULT_KEY_FILE; if it is lost for good, add "
            "--without-vault-key. Nothing was changed"
        )

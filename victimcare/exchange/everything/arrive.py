"""Everything in: into an empty installation, in one transaction, compared with what left before anything is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from victimcare.commands.settle_restored import settle_restored
from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.audit_chain import IMPORTED, Anchor, Restored
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.exchange.everything.cells import NotARow, stored_by
from victimcare.exchange.everything.leave import table_of
from victimcare.exchange.everything.lines import hash_of, lines_of
from victimcare.exchange.everything.manifest import Manifest, Table
from victimcare.exchange.everything.parts import parts_in
from victimcare.exchange.progress import Tick, no_progress
from victimcare.exchange.sealed_file import Key
from victimcare.queries.audit_check import check_audit, current_anchor
from victimcare.store import installation, rotating
from victimcare.store.audit_anchors import AnchorFile
from victimcare.store.audit_segments import beginnings
from victimcare.store.database import Database, is_sqlite
from victimcare.store.export_decisions import Leaving, leaving
from victimcare.store.faults import IN_WORDS, Fault, fault_of
from victimcare.store.law_in_force import law_now
from victimcare.store.many import insert_rows
from victimcare.store.migrate import is_known_revision, newest_revision
from victimcare.store.row_counts import row_counts
from victimcare.store.staff import SYSTEM
from victimcare.store.vault import Vault

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Settling:
    """What holding back what would leave needs: the law of the program, the ladder, and where the audit is anchored."""

    law: Law
    ladder: Ladder
    anchors: AnchorFile


def check_fits(manifest: Manifest) -> None:
    """Raise `OtherVersion` unless the export was made of the very tables that this program has, `DoesNotFit` where it
    says that its audit was changed: a new chain of it would vouch for what nobody can."""
    if manifest.migration != newest_revision():
        raise OtherVersion(manifest.migration)
    if manifest.audit_wrong:
        raise DoesNotFit(f"the audit was not as it was written when it left ({manifest.audit_wrong})")


def import_all(
    database: Database,
    file: Path,
    manifest: Manifest,
    *,
    key: Key,
    vault: Vault,
    settling: Settling,
    now: datetime,
    progress: Tick = no_progress,
) -> int:
    """Store all that left, of which `manifest` was read before; how many notices were held back. All or nothing.

    As after restoring a backup nothing is sent, nobody is signed in, and systems of agencies are disabled. Raises
    `OtherVersion`, `DoesNotFit`, `Stopped` and what `store_all` raises.
    """
    check_fits(manifest)
    before = settling.anchors.anchors()
    with _all_or_nothing(database) as connection:
        store_all(connection, file, manifest, key=key, vault=vault, progress=progress)
        rotating.hash_all(connection, vault)
        held_back = settle_restored(
            connection,
            said=f"{IMPORTED}{manifest.made_at:%Y-%m-%dT%H:%M:%SZ}",
            by=SYSTEM,
            now=now,
            law=law_now(connection, settling.law),
            ladder=settling.ladder,
            own_agency=OWN_AGENCY,
        )
        heads = current_anchor(connection, now=now).heads
        anchor = Anchor(now, heads, Restored(manifest.made_at, manifest.heads), beginnings(connection))
        _check_anchored(connection, [*before, anchor])
        # Before the commit: an anchor that cannot be written keeps everything out, and says why.
        settling.anchors.add(anchor)
    return held_back


@contextmanager
def _all_or_nothing(database: Database) -> Iterator[Connection]:
    """A transaction; where the database cannot go on with it, or not keep it, `Stopped` says why."""
    try:
        with database.writing() as connection:
            yield connection
    except OperationalError as refused:
        raise Stopped(fault_of(refused) or Fault.AWAY) from None


def _check_anchored(connection: Connection, anchors: Sequence[Anchor]) -> None:
    """The audit as it came verifies, and will by the file of anchors that this installation has."""
    if wrong := check_audit(connection, anchors).wrong:
        of_another = (
            ". Is the file of anchors (VICTIMCARE_AUDIT_ANCHORS) that of another database? Then set it to a new one"
            if len(anchors) > 1
            else ""
        )
        raise DoesNotFit(f"{wrong.sentence}{of_another}")


def store_all(
    connection: Connection, file: Path, manifest: Manifest, *, key: Key, vault: Vault, progress: Tick = no_progress
) -> None:
    """Store the rows in an empty database, what is sealed with the vault's first key; then read them again, and compare
    them with what left.

    Raises `Busy`, `NotEmpty`, `DoesNotFit`, `NotKept`, `OperationalError` where the database cannot go on, and what
    `parts_in` raises: the caller keeps nothing.
    """
    installation.keep_others_out(connection)
    _check_empty(connection)
    _store(connection, file, key, vault, _Done(manifest.rows, progress))
    _number_on(connection)
    _check_same(connection, manifest, vault)


class _Done:
    """How many rows are stored, told as it goes."""

    def __init__(self, of: int, progress: Tick) -> None:
        self._done, self._of, self._progress = 0, of, progress

    def more(self, rows: int) -> None:
        self._done += rows
        self._progress(self._done, self._of)


def _check_empty(connection: Connection) -> None:
    installation.forget_how_it_began(connection)
    for table, rows in row_counts(connection).items():
        if rows:
            raise NotEmpty(table)


def _store(connection: Connection, file: Path, key: Key, vault: Vault, done: _Done) -> None:
    tables = {each.name: (each, stored_by(each, vault)) for each in leaving()}
    read: dict[str, int] = {}
    with file.open("rb") as opened:
        for part, content in parts_in(opened, key):
            name = table_of(part)
            if name is None:
                continue
            if name not in tables:
                raise DoesNotFit(f"this program has no table {name!r}")
            table, stored = tables[name]
            for rows in _rows(content, name, stored, read):
                _insert(connection, table, rows)
                done.more(len(rows))


def _rows(content: bytes, name: str, stored: Any, read: dict[str, int]) -> Iterator[list[dict[str, Any]]]:
    """The rows of a part, some at a time; `read` counts the lines of each table."""
    rows: list[dict[str, Any]] = []
    for line in BytesIO(content):
        read[name] = read.get(name, 0) + 1
        try:
            rows.append(stored(json.loads(line)))
        except NotARow as wrong:
            raise DoesNotFit(f"line {read[name]} of {name}: {wrong}") from None
        except (ValueError, RecursionError):
            raise DoesNotFit(f"line {read[name]} of {name} is no JSON") from None
        if len(rows) == _BATCH:
            yield rows
            rows = []
    if rows:
        yield rows


def _insert(connection: Connection, table: Leaving, rows: Sequence[dict[str, Any]]) -> None:
    try:
        insert_rows(connection, table.table, rows)
    except OperationalError:
        raise
    except (DBAPIError, ValueError, OverflowError):
        # What it complains of can hold the row.
        raise DoesNotFit(f"the database refuses a row of {table.name}") from None


def _number_on(connection: Connection) -> None:
    """Let PostgreSQL number new rows after those that came with their numbers; SQLite does by itself."""
    if is_sqlite(connection):
        return
    for each in leaving():
        for column in each.table.primary_key:
            named = {"of": f'"{each.name}"', "at": column.name}
            sequence = connection.execute(text("SELECT pg_get_serial_sequence(:of, :at)"), named).scalar()
            last = connection.execute(select(func.max(column))).scalar() if sequence else None
            if last is not None:
                connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


def _check_same(connection: Connection, manifest: Manifest, vault: Vault) -> None:
    """What is stored leaves again as it came."""
    for each in leaving():
        if Table(*hash_of(lines_of(connection, each, vault))) != manifest.tables.get(each.name):
            raise NotKept(each.name)


class NotEmpty(ValueError):
    """There is something in the database already."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"the database is not empty: there are rows in {table}. Everything is imported into an empty one only: set "
            "VICTIMCARE_DATABASE_URL to a new one; nothing was changed"
        )


class Stopped(RuntimeError):
    """The database could not go on."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(
            f"the database could not take all of it: {IN_WORDS[fault]}. Nothing was changed: when that is mended, run "
            "it again"
        )


class NotKept(RuntimeError):
    """The database gives something else back than was stored in it."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"what the database gives back of {table} is not what the export holds: does anything else write to it, or "
            "change what is written? Nothing was changed"
        )


class OtherVersion(ValueError):
    """The export was made with other tables than this program has."""

    def __init__(self, migration: str) -> None:
        if is_known_revision(migration):
            what = (
                f"was made with an older program (migration {migration}, this one is at {newest_revision()}): import "
                "it with that version of the program, then run `victimcare migrate` with this one"
            )
        else:
            what = (
                f"was made with a newer program (migration {migration}, this one knows up to {newest_revision()}): "
                "import it with that program"
            )
        super().__init__(f"this export {what}; nothing was changed")


class DoesNotFit(ValueError):
    """What is in the export cannot be stored here."""

    def __init__(self, why: str) -> None:
        super().__init__(f"this export does not fit: {why}; nothing was changed")

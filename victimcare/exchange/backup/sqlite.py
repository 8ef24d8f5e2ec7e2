"""SQLite: copied with its online backup, checked, and put back by giving the file its name.

Copying the file of a database that is in use gives a broken copy; this does not.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from victimcare.exchange.backup.kind import Laid, Taken, Unsound, What
from victimcare.exchange.backup.scratch import scratch_in, sync_folder
from victimcare.exchange.progress import Tick
from victimcare.exchange.sealed_file import BLOCK
from victimcare.store.database import Database

_PAGES = 2_000
_BESIDE = ("-wal", "-shm", "-journal")


class SqliteFile:
    """The database that is one file."""

    name = "sqlite"

    def __init__(self, url: str) -> None:
        self.file = Path(make_url(url).database or "").absolute()

    @contextmanager
    def taken(self, describe: Callable[[Connection], What], *, progress: Tick) -> Iterator[Taken[What]]:
        """A copy as of one moment, while others write. Raises `Unsound` where the database itself is damaged."""
        with scratch_in(self.file.parent) as scratch:
            copy = scratch / "copy.db"
            _copy(self.file, copy, progress)
            check(copy)
            described = _described(copy, describe)
            rest(copy)
            yield Taken(described, copy.stat().st_size, _blocks_of(copy))

    def tried(self, blocks: Iterator[bytes]) -> None:
        """Read what was sealed: the copy was checked whole before, and these are its bytes."""
        for _ in blocks:
            pass

    @contextmanager
    def laid(self, blocks: Iterator[bytes]) -> Iterator[Laid]:
        """A second database beside the first, of these blocks."""
        with scratch_in(self.file.parent) as scratch:
            copy = scratch / "restored.db"
            with copy.open("wb") as file:
                file.writelines(blocks)
            check(copy)
            yield Laid(f"sqlite:///{copy}", lambda now: self._take_its_place(copy, now))

    def _take_its_place(self, copy: Path, now: datetime) -> str | None:
        """The old one is kept under another name; no file of it stays that SQLite would read into the new one."""
        check(copy)
        rest(copy)
        former = None
        if self.file.exists():
            former = self.file.with_name(f"{self.file.name}.before-{now:%Y%m%dT%H%M%SZ}")
            copy.chmod(self.file.stat().st_mode & 0o777)
            os.link(self.file, former)
        for part in _BESIDE:
            beside = Path(f"{self.file}{part}")
            if beside.exists():
                if former is not None and part != "-shm":
                    os.link(beside, f"{former}{part}")
                beside.unlink()
        sync_folder(self.file.parent)
        os.replace(copy, self.file)
        sync_folder(self.file.parent)
        return str(former) if former else None


def _copy(file: Path, to: Path, progress: Tick) -> None:
    if not file.is_file():
        raise FileNotFoundError(f"there is no database at {file}")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(to)) as target:
        source.isolation_level = None
        # As of this moment: else each write of somebody else would begin the copy anew.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        source.backup(target, pages=_PAGES, progress=lambda _, left, of: progress(of - left, of))


def check(file: Path) -> None:
    """Raise `Unsound` unless every page is whole and every row that is named is there."""
    with closing(sqlite3.connect(file)) as connection:
        try:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall() if found == "ok" else []
        except sqlite3.DatabaseError:
            found, orphans = "it is no database", []
    if found != "ok":
        raise Unsound("SQLite says that its pages are not whole")
    if orphans:
        raise Unsound(f"{len(orphans)} rows name rows that are not there, the first in the table {orphans[0][0]}")


def rest(file: Path) -> None:
    """Bring all of it into the one file, and that onto the disk."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _described(copy: Path, describe: Callable[[Connection], What]) -> What:
    with closing(Database(f"sqlite:///{copy}")) as database, database.reading() as connection:
        return describe(connection)


def _blocks_of(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            yield block

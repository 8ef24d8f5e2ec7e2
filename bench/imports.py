"""Importing all published files, against writing the same rows with nothing but the driver's executemany."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measuring import Measured, in_words, once
from bench.worlds import published_files
from victimcare.editions.law import published_law
from victimcare.exchange.police_uk import import_police_uk
from victimcare.exchange.progress import progress_bar
from victimcare.store import rebuilding
from victimcare.store.database import Database
from victimcare.store.migrate import upgrade

_NOW = datetime(2023, 6, 1, 12, tzinfo=UTC)
_TABLES = (
    "team",
    "person",
    "crime",
    "victim",
    "victim_case",
    "assignment",
    "journey_event",
    "due",
    "audit",
    "audit_subject",
    "unmatched_outcome",
)


def measure() -> list[Measured]:
    """The first import, the same again, and the check of every due row, each against the raw writing."""
    with TemporaryDirectory(prefix="victimcare-bench-") as folder:
        made, raw = Path(folder) / "made.db", Path(folder) / "raw.db"
        for file in (made, raw):
            upgrade(f"sqlite:///{file}")
        database = Database(f"sqlite:///{made}")
        first = once(lambda: _import(database))
        again = once(lambda: _import(database))
        checked = once(lambda: _check(database))
        database.close()
        rows = _rows(made)
        count = sum(len(of_table) for of_table in rows.values())
        seconds = once(lambda: _write(raw, rows))
        against = f"raw executemany of {count:,} rows, {in_words(seconds)}"
        cases = len(rows["victim_case"])
        return [
            Measured(f"import of {cases:,} cases", in_words(first), against, first / seconds, 3),
            Measured("the same import again", in_words(again), against, again / seconds, 1),
            Measured("rebuild --check of all of it", in_words(checked), against, checked / seconds, 3),
        ]


def _import(database: Database) -> None:
    with progress_bar("Importing") as progress:
        import_police_uk(database, [published_files()], law=published_law(), now=_NOW, progress=progress)


def _check(database: Database) -> None:
    with progress_bar("Checking") as progress:
        assert rebuilding.check(database, law=published_law(), progress=progress) == []


def _rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(file) as connection:
        rows = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in _TABLES}
    connection.close()
    return rows


def _write(file: Path, rows: dict[str, list[tuple[object, ...]]]) -> None:
    connection = sqlite3.connect(file)
    for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on"):
        connection.execute(f"PRAGMA {pragma}")
    for table, of_table in rows.items():
        if of_table:
            marks = ", ".join("?" * len(of_table[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", of_table)
    connection.commit()
    connection.close()

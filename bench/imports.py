"""Importing all published files, against writing the same rows with nothing but the driver's executemany."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measuring import Measured, Took, both, in_words
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
        first, again = both(lambda: _import(database)), both(lambda: _import(database))
        checked = both(lambda: _check(database))
        database.close()
        rows = _rows(made)
        raw_writing = both(lambda: _write(raw, rows))
    cases, count = len(rows["victim_case"]), sum(len(of_table) for of_table in rows.values())
    against = f"raw executemany of {count:,} rows"
    return [
        *_lines(f"import of {cases:,} cases", first, against, raw_writing, aim=3),
        *_lines("the same import again", again, against, raw_writing, aim=1),
        *_lines("rebuild --check of all of it", checked, against, raw_writing, aim=3),
    ]


def _lines(what: str, took: Took, against: str, least: Took, *, aim: float) -> list[Measured]:
    clock = Measured(what, in_words(took.clock), f"{against}, {in_words(least.clock)}", took.clock / least.clock, aim)
    processor = Measured(
        f"{what}, processor time",
        in_words(took.processor),
        f"{against}, {in_words(least.processor)}",
        took.processor / least.processor,
        aim,
    )
    return [clock, processor]


def _import(database: Database) -> None:
    with progress_bar("Importing") as progress:
        import_police_uk(database, [published_files()], law=published_law(), now=_NOW, progress=progress)


def _check(database: Database) -> None:
    with progress_bar("Checking") as progress:
        assert rebuilding.check(database, law=published_law(), today=_NOW.date(), progress=progress) == []


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

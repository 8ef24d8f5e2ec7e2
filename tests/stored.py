"""All that a database holds, to the last byte: what changed in it, and how to have it again as it was."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import Any, NamedTuple

from sqlalchemy import make_url

from victimcare.store.database import Database
from victimcare.store.tables import Audit

Row = dict[str, Any]
LOOKED = {"consultation", "disclosure", "access"}
"""What is written down of a request that recorded nothing: that something was shown, or refused."""
TRAIL = {"audit", "audit_subject"}


class Changed(NamedTuple):
    """The rows of a table that are not there any more, and those that were not there before.

    A row that was changed is one of each.
    """

    gone: list[Row]
    come: list[Row]


def recorded(changed: dict[str, Changed]) -> dict[str, Changed]:
    """What was changed but for the trail of those who looked, or were refused: to that, rows may only be added."""
    of_audit = changed.get("audit", Changed([], []))
    looked = {row["operation"] for row in of_audit.come} <= LOOKED
    if looked and not any(changed[name].gone for name in TRAIL & set(changed)):
        return {name: change for name, change in changed.items() if name not in TRAIL}
    return changed


class Stored:
    """What the database held when it was last remembered. Close it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file = _opened(database) if database.engine.dialect.name == "sqlite" else None
        self.remember()

    def remember(self) -> None:
        """Compare with what is stored now from now on."""
        self._stamp = self._written()
        self._rows = everything(self._database)

    def changed(self) -> dict[str, Changed]:
        """By table, all that is not as it was remembered."""
        if self._written() == self._stamp:
            return {}
        now = everything(self._database)
        return {name: _difference(name, self._rows[name], now[name]) for name in now if now[name] != self._rows[name]}

    def begin_anew(self) -> None:
        """Compare with what is stored now."""
        self.remember()

    def close(self) -> None:
        """Let go of the database."""
        if self._file is not None:
            self._file.close()

    def _written(self) -> Any:
        """Something that is another each time after anything was written."""
        if self._file is not None:
            return self._file.execute("PRAGMA data_version").fetchone()
        with self._database.reading() as connection:
            return connection.exec_driver_sql("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").scalar_one()


class Restored(Stored):
    """The same on SQLite, where it is had again as it was in a few milliseconds."""

    def __init__(self, database: Database) -> None:
        self._memory = sqlite3.connect(":memory:")
        super().__init__(database)

    def remember(self) -> None:
        """The same."""
        super().remember()
        assert self._file is not None
        self._file.backup(self._memory)

    def begin_anew(self) -> None:
        """Have it again as it was."""
        self.restore()

    def restore(self) -> None:
        """Have it again as it was remembered."""
        if self._written() != self._stamp:
            assert self._file is not None
            self._memory.backup(self._file)
            self._stamp = self._written()

    def close(self) -> None:
        """The same."""
        super().close()
        self._memory.close()


def everything(database: Database) -> dict[str, list[Any]]:
    """By table, each of its rows with all of its columns."""
    with database.reading() as connection:
        cursor = connection.connection.cursor()
        selects = {name: ", ".join(f'"{column}"' for column in columns) for name, columns in _COLUMNS.items()}
        return {name: cursor.execute(f'SELECT {what} FROM "{name}"').fetchall() for name, what in selects.items()}


_COLUMNS = {table.name: [column.name for column in table.columns] for table in Audit.metadata.sorted_tables}


def _difference(name: str, before: list[Any], now: list[Any]) -> Changed:
    was, is_now = Counter(map(repr, before)), Counter(map(repr, now))
    rows = {repr(row): dict(zip(_COLUMNS[name], row, strict=True)) for row in (*before, *now)}
    return Changed(*([rows[key] for key in keys.elements()] for keys in (was - is_now, is_now - was)))


def _opened(database: Database) -> sqlite3.Connection:
    return sqlite3.connect(str(make_url(database.url).database))

"""All that a database holds, to the last byte: what changed in it, and how to have it again as it was."""

from __future__ import annotations

import sqlite3
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, NamedTuple

import psycopg
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
        self._connection = _opened(database)
        self.remember()

    def remember(self) -> None:
        """Compare with what is stored now from now on."""
        self._stamp, self._marks = self._written(), self._marked()
        self._rows = everything(self._database)

    def changed(self) -> dict[str, Changed]:
        """By table, all that is not as it was remembered."""
        now = self._other_rows()
        return {name: _difference(name, self._rows[name], rows) for name, rows in now.items()}

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _other_rows(self) -> dict[str, list[Any]]:
        """By table, its rows now, where they are not those that were remembered."""
        if self._written() == self._stamp:
            return {}
        marks = self._marked()
        now = everything(self._database, [name for name in _COLUMNS if not marks or marks[name] != self._marks[name]])
        return {name: rows for name, rows in now.items() if rows != self._rows[name]}

    def _written(self) -> Any:
        """Something that is another each time after anything was written."""
        return self._connection.execute(_WRITTEN[type(self._connection)]).fetchone()

    def _marked(self) -> dict[str, Any]:
        """On PostgreSQL, something by table that is another where a row came or went: to read all rows takes longer."""
        if isinstance(self._connection, sqlite3.Connection):
            return {}
        return {name: mark for name, *mark in self._connection.execute(_MARKS)}


class Restored(Stored):
    """The same, and it is had again as it was in a few milliseconds."""

    @cached_property
    def _copy(self) -> _InMemory | _InSchema:
        return (_InMemory if isinstance(self._connection, sqlite3.Connection) else _InSchema)(self._connection)

    def remember(self) -> None:
        """The same."""
        super().remember()
        self._copy.take()
        self._stamp = self._written()

    def restore(self) -> None:
        """Have it again as it was remembered."""
        if self._written() != self._stamp:
            self._copy.put_back(self._other_rows)
            self._stamp, self._marks = self._written(), self._marked()

    def close(self) -> None:
        """The same."""
        self._copy.close()
        super().close()


class _InMemory:
    """A copy of a file of SQLite."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self._file, self._memory = file, sqlite3.connect(":memory:")

    def take(self) -> None:
        self._file.backup(self._memory)

    def put_back(self, _changed: Callable[[], Iterable[str]]) -> None:
        self._memory.backup(self._file)

    def close(self) -> None:
        self._memory.close()


class _InSchema:
    """A copy of every table of PostgreSQL, in a schema beside them.

    As a replica, neither the triggers that keep rows for ever nor foreign keys are asked: only whoever may do anything
    on the server can have one.
    """

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection, self._schema = connection, f"kept_{uuid.uuid4().hex}"
        self._connection.execute("SET session_replication_role = replica")

    def take(self) -> None:
        make = "".join(
            f'CREATE UNLOGGED TABLE {self._schema}."{name}" AS SELECT * FROM public."{name}";' for name in _COLUMNS
        )
        anew = f"DROP SCHEMA IF EXISTS {self._schema} CASCADE; CREATE SCHEMA {self._schema};"
        self._connection.execute((anew + make).encode())
        self._counters = self._connection.execute(_COUNTERS).fetchall()

    def put_back(self, changed: Callable[[], Iterable[str]]) -> None:
        again = [f"SELECT setval('{name}', {last}, {called});" for name, last, called in self._counters]
        for name in changed():
            here, kept = f'public."{name}"', f'{self._schema}."{name}"'
            again.append(
                f"DELETE FROM {here} t WHERE t::text NOT IN (SELECT k::text FROM {kept} k);"
                f"INSERT INTO {here} OVERRIDING SYSTEM VALUE"
                f" SELECT * FROM {kept} k WHERE k::text NOT IN (SELECT t::text FROM {here} t);"
            )
        self._connection.execute("".join(again).encode())

    def close(self) -> None:
        self._connection.execute(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE".encode())


_COUNTERS = """SELECT format('%I', sequencename), coalesce(last_value, start_value), last_value IS NOT NULL
    FROM pg_sequences WHERE schemaname = 'public'"""


def everything(database: Database, names: Iterable[str] | None = None) -> dict[str, list[Any]]:
    """By table, of these or of all, each of its rows with all of its columns."""
    with database.reading() as connection:
        cursor = connection.connection.cursor()
        selects = {name: _SELECTS[name] for name in (_COLUMNS if names is None else names)}
        return {name: cursor.execute(select).fetchall() for name, select in selects.items()}


_COLUMNS = {table.name: [column.name for column in table.columns] for table in Audit.metadata.sorted_tables}
_SELECTS = {
    name: "SELECT {} FROM {}".format(", ".join(f'"{column}"' for column in columns), f'"{name}"')
    for name, columns in _COLUMNS.items()
}
_WRITTEN = {
    sqlite3.Connection: "PRAGMA data_version",
    psycopg.Connection: "SELECT pg_snapshot_xmax(pg_current_snapshot())::text",
}
_MARKS = " UNION ALL ".join(
    f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM public.\"{name}\"" for name in _COLUMNS
).encode()


def _difference(name: str, before: list[Any], now: list[Any]) -> Changed:
    was, is_now = Counter(map(repr, before)), Counter(map(repr, now))
    rows = {repr(row): dict(zip(_COLUMNS[name], row, strict=True)) for row in (*before, *now)}
    return Changed(*([rows[key] for key in keys.elements()] for keys in (was - is_now, is_now - was)))


def _opened(database: Database) -> Any:
    """A connection of our own, of which no transaction stays open."""
    url = make_url(database.url)
    if database.engine.dialect.name == "sqlite":
        return sqlite3.connect(str(url.database))
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)

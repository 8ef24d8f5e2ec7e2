"""The database: engines with their settings asserted, and the two ways to use it, reading and writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.engine import make_url

from victimcare.store.turns import Turns

# With `secure_delete`, what was erased is overwritten in the file: else a name lies there until its page is used again.
_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "busy_timeout": 5000,
    "foreign_keys": 1,
    "trusted_schema": 0,
    "secure_delete": 1,
}


_POOL = 20
"""Connections kept open; ten more are made when as many threads ask at once."""
_CONNECTS_WITHIN = 5
"""Seconds that a PostgreSQL which does not answer is waited for, unless its address says otherwise."""
_READ_ONLY: dict[str, dict[str, Any]] = {
    "sqlite": {"read_only": True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


class Database:
    """One database, SQLite or PostgreSQL, by its address (`VICTIMCARE_DATABASE_URL`)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._turns = Turns() if self.engine.dialect.name == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, all of it as of one moment; it never waits for writers."""
        with self.engine.connect().execution_options(**_READ_ONLY[self.engine.dialect.name]) as connection:
            yield connection
            self._end_reading(connection)

    def _end_reading(self, connection: Connection) -> None:
        if self.engine.dialect.name == "postgresql":
            # It let nothing be written. A rollback would make the driver forget what it prepared, and plan each anew.
            connection.commit()
        else:
            connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One short write transaction, committed at the end of the block and rolled back on any error."""
        with self._turns.turn() if self._turns else nullcontext(), self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def is_sqlite(connection: Connection) -> bool:
    """Whether this connection is to SQLite (else PostgreSQL)."""
    return connection.dialect.name == "sqlite"


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    waits = {} if "connect_timeout" in make_url(url).query else {"connect_timeout": _CONNECTS_WITHIN}
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=_POOL, connect_args=waits)
    event.listen(engine, "handle_error", hide_the_row)
    return engine


def _sqlite_engine(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False}, pool_size=_POOL)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(raw: Any, _record: Any) -> None:
    raw.isolation_level = None
    cursor = raw.cursor()
    for name, wanted in _PRAGMAS.items():
        cursor.execute(f"PRAGMA {name} = {wanted}")
        found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
        if found != wanted and not (name == "journal_mode" and found == "memory"):
            raise SettingRefused(name, wanted, found)
    cursor.close()


def hide_the_row(failure: ExceptionContext) -> None:
    """PostgreSQL repeats the refused row, with the victim's name, in a detail that `hide_parameters` does not reach."""
    for error in (failure.original_exception, failure.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\nDETAIL:")[0], *error.args[1:])


def _begin(connection: Connection) -> None:
    """Writers queue at the start (`IMMEDIATE`): a plain BEGIN fails at once when it later turns to writing."""
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


class SettingRefused(RuntimeError):
    """SQLite did not take a setting without which it could lose data."""

    def __init__(self, name: str, wanted: object, found: object) -> None:
        super().__init__(f"SQLite answered {found!r} for {name} where {wanted!r} is needed; refusing to start")

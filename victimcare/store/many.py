"""Many rows: inserted at the driver's own speed, with the same stored values as SQLAlchemy's `insert`, and read some
at a time by whoever writes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Select, Table
from sqlalchemy.types import TypeEngine

from victimcare.store.database import is_sqlite


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows, which all have the same columns.

    SQLAlchemy's own `executemany` takes longer to prepare a row than SQLite to store it. Here each column is
    converted at once, and each distinct value of it once.
    """
    if not rows:
        return
    names = list(rows[0])
    columns = [_stored([row[name] for row in rows], table.c[name].type, connection.dialect) for name in names]
    connection.exec_driver_sql(_insert(connection, table, names), list(zip(*columns, strict=True)))


def some_at_a_time(connection: Connection, rows: Select[Any], key: Column[Any], size: int = 500) -> Iterator[list[Any]]:
    """The rows in the order of their key, which each has for itself; the caller may change those it was given."""
    wanted = rows
    while found := list(connection.execute(wanted.order_by(key).limit(size))):
        yield found
        wanted = rows.where(key > found[-1]._mapping[key.name])


def _stored(values: list[Any], kind: TypeEngine[Any], dialect: Dialect) -> list[Any]:
    process = kind.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return values
    stored = {value: process(value) for value in set(values)}
    return [stored[value] for value in values]


def _insert(connection: Connection, table: Table, names: Sequence[str]) -> str:
    quote = connection.dialect.identifier_preparer
    columns = ", ".join(quote.quote(name) for name in names)
    marks = ", ".join(["?" if is_sqlite(connection) else "%s"] * len(names))
    return f"INSERT INTO {quote.format_table(table)} ({columns}) VALUES ({marks})"  # noqa: S608 - our own names

"""Words about people that stand in a column beside codes and dates: sealed like what is in the vault.

Bound to table, column and row: a sealed name copied to another row, or to another column, does not open there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table, insert, update

from victimcare.store.vault import Vault


def sealed_in(column: Column[Any], row: int | str, words: str, vault: Vault) -> bytes:
    """These words, to stand in this column of the row of this key."""
    return vault.seal(words, row_id=_bound(column, row))


def opened_from(column: Column[Any], row: int | str, sealed: bytes | None, vault: Vault) -> str:
    """The words that stand there; empty where none do. Raises `DoesNotOpen`."""
    return vault.open(sealed, row_id=_bound(column, row)) if sealed else ""


def add_sealed(
    connection: Connection, table: Table, values: Mapping[str, Any], *, column: Column[Any], words: str, vault: Vault
) -> int:
    """Store a row with sealed words and return its number, which they are bound to: the database gives it first."""
    row = {**values, column.name: b""}
    number = int(connection.execute(insert(table).values(row).returning(table.c.id)).scalar_one())
    sealed = {column.name: sealed_in(column, number, words, vault)}
    connection.execute(update(table).where(table.c.id == number).values(sealed))
    return number


def _bound(column: Column[Any], row: int | str) -> str:
    return f"{column.table.name}.{column.name}:{row}"

"""The rows of a table as lines of JSON, in an order that is the same on every database, and the hash of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Connection, Select, String, select

from victimcare.exchange.everything.cells import Said, kind_of, said_by
from victimcare.store.database import is_sqlite
from victimcare.store.export_decisions import WRITTEN_TO, Leaving
from victimcare.store.installation import SETTINGS
from victimcare.store.rotating import HASHED_WITH
from victimcare.store.sealed_rows import in_words
from victimcare.store.vault import DoesNotOpen, Vault

_AT_ONCE = 500
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def lines_of(connection: Connection, leaving: Leaving, vault: Vault) -> Iterator[bytes]:
    """Every row of the table as of the transaction's moment, some at a time in memory. Raises `CannotBeOpened`."""
    said = said_by(leaving, vault)
    with connection.execute(_rows(connection, leaving).execution_options(yield_per=_AT_ONCE)) as rows:
        for row in rows:
            try:
                yield line_of(said(row))
            except DoesNotOpen:
                raise CannotBeOpened(leaving.name) from None


def line_of(said: Said) -> bytes:
    """One row, with its end of line; the same row is always written the same."""
    return _ENCODER.encode(said).encode() + b"\n"


def contents_hash(hashes: Mapping[str, str]) -> str:
    """What a whole database is called, by the hashes of its tables: without those that importing itself writes in."""
    named = (f"{name} {hashes[name]}\n" for name in sorted(hashes) if name not in WRITTEN_TO)
    return sha256("".join(named).encode()).hexdigest()


def hash_of(lines: Iterable[bytes]) -> tuple[int, str]:
    """How many lines there are, and the SHA-256 of all of them."""
    count, found = 0, sha256()
    for line in lines:
        count += 1
        found.update(line)
    return count, found.hexdigest()


def _rows(connection: Connection, leaving: Leaving) -> Select[Any]:
    """By key; where rows name rows of their own table, those first that name none."""
    table = leaving.table
    naming = [column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    keys = [_in_order(connection, column) for column in table.primary_key]
    rows = select(*leaving.columns).order_by(*(column.is_not(None) for column in naming), *keys)
    return rows.where(SETTINGS.c.name != HASHED_WITH) if table is SETTINGS else rows


def _in_order(connection: Connection, column: Column[Any]) -> Any:
    """PostgreSQL sorts text as some language does, which another server does not have."""
    if isinstance(kind_of(column), String) and not is_sqlite(connection):
        return column.collate("C")
    return column


class CannotBeOpened(ValueError):
    """Something is sealed with a key that is not here, so not all of the data can leave."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"the vault's key here does not open all that is sealed ({in_words(table)}), so not everything could "
            "leave: `victimcare keys check` says what does not open; nothing was written"
        )
